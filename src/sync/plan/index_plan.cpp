#include "sync/plan/index_plan.hpp"

#include <fmt/format.h>

#include "base/identifier.hpp"
#include "source/read/index_use.hpp"

namespace pg2duck::sync {
namespace {

/// Below it a table is read in a moment, index or not.
constexpr std::uint64_t kWorthAnIndex = std::uint64_t{1} << 20;

bool has_column_cursor(const TableJob& job) {
  using source::RelationKind;
  return !job.refusal && job.increment && !job.increment->cursor.empty() &&
         job.increment->cursor != config::kTransactionCursor &&
         (job.table.kind == RelationKind::kTable || job.table.kind == RelationKind::kPartitioned);
}

void plan_index(source::Connection& session, TableJob& job) {
  Increment& increment = *job.increment;
  const bool found_by_index =
      !increment.whole && !source::scans_all_rows(session, job.table, read_request(job, std::nullopt));
  if (!found_by_index) {
    if (job.plan.bytes >= kWorthAnIndex && !job.table.leaves.empty() &&
        !source::has_index(session, job.table, increment.cursor)) {
      const bool partitioned = job.table.kind == source::RelationKind::kPartitioned;
      job.plan.warnings.push_back(
          fmt::format("no index begins with its cursor {}, so that each run scans the table: CREATE INDEX {}ON {} ({})",
                      increment.cursor, partitioned ? "" : "CONCURRENTLY ", job.table.name.quoted(),
                      quote_identifier(increment.cursor)));
    }
    return;
  }
  job.ranges = {source::whole(job.table)};
  job.plan.ranges = 1;
  job.plan.read = "copy by an index" + increment_text(job);
  if (increment.kind == destination::ChangeKind::kAppend) {
    job.order = quote_identifier(increment.cursor);
  }
}

}  // namespace

void plan_index_use(source::Connection& session, std::vector<TableJob>& plan) {
  for (TableJob& job : plan) {
    if (has_column_cursor(job)) {
      plan_index(session, job);
    }
  }
}

}  // namespace pg2duck::sync
