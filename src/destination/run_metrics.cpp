#include "destination/run_metrics.hpp"

#include <fmt/format.h>

#include "base/identifier.hpp"
#include "destination/ledger.hpp"
#include "destination/table_ddl.hpp"

namespace pg2duck::destination {

Statement metrics_statement(const Session& session, const RunMetrics& metrics) {
  return {
      .sql = fmt::format("INSERT INTO {} VALUES (CAST({} AS UUID), nullif({}, ''), {}, {}, {}, {}, {}, {}, {}, {}, {})",
                         target_name(session, {kLedgerSchema, "run_metrics"}), quote_literal(metrics.run_id),
                         quote_literal(metrics.dataset), metrics.tables_loaded, metrics.tables_failed, metrics.rows,
                         metrics.bytes, metrics.overall_seconds, metrics.extract_seconds, metrics.decode_seconds,
                         metrics.load_seconds, metrics.publish_seconds)};
}

}  // namespace pg2duck::destination
