#pragma once

#include <string>
#include <vector>

#include "destination/ledger/run_record.hpp"
#include "sync/report.hpp"

namespace pg2duck::sync {

/// A new UUID, RFC 4122 version 4, as text.
std::string new_run_id();

/// Now, as ISO 8601 in UTC to the second.
std::string utc_now();

// What the ledger keeps of a run.

std::vector<destination::TableRunRecord> table_records(const std::vector<TableReport>& tables);

/// `errors`, and of the published copies those that lack rows.
std::vector<Error> with_shortfalls(std::vector<Error> errors, const std::vector<TableReport>& tables);

destination::RunMetrics run_metrics(const RunReport& report);

}  // namespace pg2duck::sync
