#include "destination/ledger/retention.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "destination/ledger/run_record.hpp"
#include "destination/ledger/table_state.hpp"
#include "destination/targets/reserved_names.hpp"

namespace pg2duck::destination {
namespace {

/// The rows of `runs` that `keep` does not ask for, beside a new one.
std::string old_runs(const std::string& runs, const config::KeptRuns& keep) {
  const std::string from = "SELECT run_id, finished_at FROM " + runs;
  if (keep.seconds) {
    return fmt::format("{} WHERE finished_at < now() - to_seconds({})", from, *keep.seconds);
  }
  return fmt::format("{} ORDER BY finished_at DESC, run_id OFFSET {}", from, *keep.count - 1);
}

}  // namespace

std::vector<std::string> find_expired_runs(Session& session, const Contents& contents, const config::KeptRuns& keep) {
  const std::array<const LedgerShape*, 3> needed{&runs_table().shape(), &table_runs_table().shape(),
                                                 &tables_table().shape()};
  const bool there = std::ranges::all_of(
      needed, [&](const LedgerShape* shape) { return contents.contains({kLedgerSchema, shape->name}); });
  std::vector<std::string> run_ids;
  if (!there || (!keep.seconds && !keep.count)) {
    return run_ids;
  }
  const std::string runs = ledger_name(session, runs_table().shape().name);
  const std::string tables = ledger_name(session, tables_table().shape().name);
  const std::string old = old_runs(runs, keep);
  // Most runs find nothing old, and what else is asked looks at all rows of table_runs.
  if (session.query_int(fmt::format("SELECT count(*) FROM ({})", old)) == 0) {
    return run_ids;
  }
  const Rows found = session.query(fmt::format(
      "SELECT CAST(run_id AS VARCHAR) FROM ({}) WHERE run_id NOT IN (SELECT run_id FROM {} WHERE run_id IS NOT NULL) "
      "AND "
      "run_id NOT IN (SELECT arg_max(done.run_id, done.finished_at) FROM {} AS part JOIN {} AS done USING (run_id) "
      "JOIN {} AS here ON here.schema = part.schema AND here.\"table\" = part.\"table\" WHERE part.status = "
      "'published' "
      "GROUP BY part.schema, part.\"table\") ORDER BY finished_at LIMIT 1000",
      old, tables, ledger_name(session, table_runs_table().shape().name), runs, tables));
  for (const auto& row : found.rows) {
    run_ids.push_back(row[0].value_or(""));
  }
  return run_ids;
}

std::vector<Statement> expire_statements(const Session& session, const std::vector<std::string>& run_ids) {
  std::vector<Statement> statements;
  if (run_ids.empty()) {
    return statements;
  }
  std::vector<std::string> ids;
  std::ranges::transform(run_ids, std::back_inserter(ids),
                         [](const std::string& run_id) { return sql_value(LedgerType::kUuid, run_id); });
  for (const LedgerShape* shape : {&runs_table().shape(), &table_runs_table().shape(), &run_metrics_table().shape()}) {
    statements.push_back({.sql = fmt::format("DELETE FROM {} WHERE run_id IN ({})", ledger_name(session, shape->name),
                                             fmt::join(ids, ", "))});
  }
  return statements;
}

}  // namespace pg2duck::destination
