#include "sync/plan/index_use.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/identifier.hpp"
#include "source/catalog/type_catalog.hpp"
#include "source/read/ranges.hpp"

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

/// Whether each heap of the table has an index that begins with the cursor and covers all rows.
bool has_index(source::Connection& session, const TableJob& job) {
  std::vector<types::Oid> heaps;
  for (const source::Leaf& leaf : job.table.leaves) {
    heaps.push_back(leaf.oid);
  }
  const auto found = session.query(
      "SELECT count(DISTINCT i.indrelid) FROM pg_catalog.pg_index i"
      " JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]"
      " JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_am m ON m.oid = c.relam"
      " WHERE i.indrelid = ANY (" +
      source::oid_array(heaps) + ") AND i.indisvalid AND i.indpred IS NULL AND m.amname IN ('btree', 'brin')" +
      " AND a.attname = " + quote_literal(job.increment->cursor));
  return static_cast<std::size_t>(found.integer(0, 0)) == heaps.size();
}

/// Whether Postgres would look at every row of some heap.
bool scans_all(source::Connection& session, const TableJob& job) {
  const source::ReadRequest request = read_request(job, std::nullopt);
  const auto lines = session.query("EXPLAIN (COSTS OFF) " + source::select_sql(source::whole(job.table), request));
  for (std::size_t line = 0; line < lines.rows(); ++line) {
    std::string node = lines.text(line, 0);
    node.erase(0, node.find_first_not_of(" ->"));
    if (node.starts_with("Seq Scan") || node.starts_with("Parallel Seq Scan")) {
      return true;
    }
  }
  return false;
}

void plan_index(source::Connection& session, TableJob& job) {
  Increment& increment = *job.increment;
  const bool found_by_index = !increment.whole && !scans_all(session, job);
  if (!found_by_index) {
    if (job.plan.bytes >= kWorthAnIndex && !job.table.leaves.empty() && !has_index(session, job)) {
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
