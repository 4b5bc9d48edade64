#pragma once

#include <vector>

#include "sync/load/copy_context.hpp"
#include "sync/plan/write_plan.hpp"
#include "sync/read/reading.hpp"
#include "sync/read/shared_scan.hpp"

namespace pg2duck::sync {

/// Rows in a staged table.
struct StagedRows {
  std::vector<PlannedColumn> columns;    ///< with the types that they were given, and what their values have shown
  std::vector<ColumnFindings> findings;  ///< as many
  std::uint64_t source_rows = 0;         ///< as the server counted them
  std::uint64_t target_rows = 0;         ///< as the target counts them
};

/// Loads all rows of `reading` into a new table `staged`. Columns whose type depends on their values get it here: from
/// a sample first, and from all values if one does not fit; the rows are loaded once more then, into a table of another
/// name, which `staged` is set to.
/// @error kCountMismatch when the counts differ; what stands in the target by then is called `staged`
StagedRows load_rows(const Reading& reading, const WritePlan& write, CopyContext& context,
                     destination::Session& session, ScanCounters& counters, TableName& staged);

/// Another name for a staged table. A remote session that has seen a table dropped loads nothing into another of the
/// same name, and one that was lost may still hold its own.
TableName renamed(TableName staged);

/// As if nothing had been read.
void reset(ScanCounters& counters);

}  // namespace pg2duck::sync
