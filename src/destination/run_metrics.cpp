#include "destination/run_metrics.hpp"

#include <fmt/format.h>

#include "base/identifier.hpp"
#include "destination/ledger.hpp"
#include "destination/table_ddl.hpp"

namespace pg2duck::destination {

std::vector<Statement> metrics_statements(const Session& session, const RunMetrics& metrics) {
  const std::string table = target_name(session, {kLedgerSchema, "run_metrics"});
  std::vector<Statement> statements;
  statements.push_back({.sql = "CREATE TABLE IF NOT EXISTS " + table +
                               " (run_id UUID, dataset VARCHAR, tables_loaded UBIGINT, tables_failed UBIGINT,"
                               " rows UBIGINT, bytes UBIGINT, overall_seconds DOUBLE, extract_seconds DOUBLE,"
                               " decode_seconds DOUBLE, load_seconds DOUBLE, publish_seconds DOUBLE)"});
  statements.push_back(
      {.sql = fmt::format(
           "INSERT INTO {} VALUES (CAST({} AS UUID), nullif({}, ''), {}, {}, {}, {}, {}, {}, {}, {}, {})", table,
           quote_literal(metrics.run_id), quote_literal(metrics.dataset), metrics.tables_loaded, metrics.tables_failed,
           metrics.rows, metrics.bytes, metrics.overall_seconds, metrics.extract_seconds, metrics.decode_seconds,
           metrics.load_seconds, metrics.publish_seconds)});
  return statements;
}

}  // namespace pg2duck::destination
