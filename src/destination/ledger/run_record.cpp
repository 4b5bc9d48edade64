#include "destination/ledger/run_record.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/identifier.hpp"
#include "destination/targets/reserved_names.hpp"

namespace pg2duck::destination {

const LedgerTable<RunRecord>& runs_table() {
  using enum LedgerType;
  using Field = LedgerTable<RunRecord>::Field;
  static const LedgerTable<RunRecord> table({.name = "runs", .compressed = false},
                                            {{{"run_id", kUuid}, &RunRecord::run_id},
                                             {{"started_at", kTime}, &RunRecord::started_at},
                                             Field::stamp({"finished_at", kTime}),
                                             {{"status", kText}, &RunRecord::status},
                                             {{"version", kText}, &RunRecord::version},
                                             {{"source", kText}, &RunRecord::source},
                                             {{"snapshot", kOptionalText}, &RunRecord::snapshot},
                                             {{"snapshot_at", kTime}, &RunRecord::snapshot_at},
                                             {{"lsn", kOptionalText}, &RunRecord::lsn},
                                             {{"error", kOptionalText}, &RunRecord::error}});
  return table;
}

const LedgerTable<TableRunRecord>& table_runs_table() {
  using enum LedgerType;
  using Record = TableRunRecord;
  static const LedgerTable<Record> table({.name = "table_runs"},
                                         {{{"run_id", kUuid}, &Record::run_id},
                                          {{"schema", kText}, &Record::table, &TableName::schema},
                                          {{"table", kText}, &Record::table, &TableName::name},
                                          {{"mode", kText}, &Record::mode},
                                          {{"rows", kCount}, &Record::rows},
                                          {{"bytes", kCount}, &Record::bytes},
                                          {{"seconds", kSeconds}, &Record::seconds},
                                          {{"status", kText}, &Record::status},
                                          {{"error", kOptionalText}, &Record::error},
                                          {{"inserted", kCount, 3}, &Record::inserted},
                                          {{"updated", kCount, 3}, &Record::updated},
                                          {{"deleted", kCount, 3}, &Record::deleted},
                                          {{"source_rows", kCount, 3}, &Record::source_rows},
                                          {{"target_rows", kCount, 3}, &Record::target_rows}});
  return table;
}

const LedgerTable<RunMetrics>& run_metrics_table() {
  using enum LedgerType;
  static const LedgerTable<RunMetrics> table({.name = "run_metrics", .compressed = false},
                                             {{{"run_id", kUuid}, &RunMetrics::run_id},
                                              {{"dataset", kOptionalText}, &RunMetrics::dataset},
                                              {{"tables_loaded", kCount}, &RunMetrics::tables_loaded},
                                              {{"tables_failed", kCount}, &RunMetrics::tables_failed},
                                              {{"rows", kCount}, &RunMetrics::rows},
                                              {{"bytes", kCount}, &RunMetrics::bytes},
                                              {{"overall_seconds", kSeconds}, &RunMetrics::overall_seconds},
                                              {{"extract_seconds", kSeconds}, &RunMetrics::extract_seconds},
                                              {{"decode_seconds", kSeconds}, &RunMetrics::decode_seconds},
                                              {{"load_seconds", kSeconds}, &RunMetrics::load_seconds},
                                              {{"publish_seconds", kSeconds}, &RunMetrics::publish_seconds}});
  return table;
}

std::vector<Statement> run_statements(const Session& session, const RunRecord& run,
                                      std::vector<TableRunRecord> tables) {
  for (TableRunRecord& table : tables) {
    table.run_id = run.run_id;
  }
  std::vector<Statement> statements = runs_table().insert(session, {run});
  std::ranges::move(table_runs_table().insert(session, tables), std::back_inserter(statements));
  return statements;
}

Statement metrics_statement(const Session& session, const RunMetrics& metrics) {
  return run_metrics_table().insert(session, {metrics}).front();
}

std::uint64_t count_row_groups(Session& session, const Contents& contents) {
  if (!contents.contains({kLedgerSchema, runs_table().shape().name})) {
    return 0;
  }
  return static_cast<std::uint64_t>(session.query_int("SELECT count(DISTINCT row_group_id) FROM pragma_storage_info(" +
                                                      quote_literal(ledger_name(session, runs_table().shape().name)) +
                                                      ")"));
}

bool was_published(Session& session, const std::string& run_id) {
  return session.query_int("SELECT count(*) FROM " + ledger_name(session, runs_table().shape().name) +
                           " WHERE status = 'published' AND run_id = " + sql_value(LedgerType::kUuid, run_id)) > 0;
}

}  // namespace pg2duck::destination
