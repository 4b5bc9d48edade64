#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "source/session/connection.hpp"
#include "sync/load/table_change.hpp"
#include "sync/plan/table_job.hpp"
#include "sync/report.hpp"

namespace pg2duck::sync {

/// Decides which tables are counted at the source: those of which a part is read, the cheapest first, as long as all of
/// these counts together read few pages. What is read as a whole, or by its keys for a reconcile, needs no count.
/// @error a lost server
void choose_counted(std::vector<TableJob>& plan, source::Connection& snapshot);

/// Which of some counts that read so many pages are made: the cheapest, which together read less than 100,000. One that
/// is not known is not made.
std::vector<bool> affordable(const std::vector<std::optional<std::uint64_t>>& pages);

/// How many rows the copy of `job` is to hold, as the snapshot says. @pre `job.counts_source`
std::uint64_t count_source(const TableJob& job, source::Connection& snapshot);

/// Takes over what a change is about to do, and compares the two tables where the source's rows are known.
/// @shape  `report.source_rows` is set where they were counted
/// @error  Error(kCountMismatch): the copy would not hold the rows that it is to hold, all of which were looked at
void note_counts(const TableJob& job, const destination::ChangeCounts& counts, TableReport& report);

/// @param before rows that the copy holds
/// @error Error(kCountMismatch): more of them are gone than the table may lose
void check_shrinkage(const TableJob& job, std::uint64_t before, std::uint64_t after);

}  // namespace pg2duck::sync
