#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/identifier.hpp"
#include "destination/ledger/ledger_table.hpp"
#include "destination/tables/contents.hpp"

namespace pg2duck::destination {

/// A row of `_pg2duck.runs`. Times are ISO 8601 text with offset.
struct RunRecord {
  std::string run_id;  ///< UUID text
  std::string started_at;
  std::string status;  ///< "published", "failed", "interrupted"
  std::string version;
  std::string source;       ///< a connection URI without its password
  std::string snapshot;     ///< Postgres snapshot id
  std::string snapshot_at;  ///< ISO 8601, when the snapshot was taken; empty: never
  std::string lsn;
  std::string error;
};

/// A row of `_pg2duck.table_runs`.
struct TableRunRecord {
  std::string run_id;  ///< of the RunRecord that it is written with
  TableName table;     ///< in the target
  std::string mode;    ///< "full", "limited", "append" or "merge"
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  double seconds = 0;
  std::string status;  ///< "published", "failed", "refused"
  std::string error;
  std::uint64_t inserted = 0, updated = 0, deleted = 0;   ///< rows of the copy
  std::optional<std::uint64_t> source_rows, target_rows;  ///< of the tables; unset: not counted
};

/// A row of `_pg2duck.run_metrics`: what one run did and how long it took. Extract, decode and load run beside each
/// other in several threads; their seconds are sums over threads.
struct RunMetrics {
  std::string run_id;   ///< UUID text
  std::string dataset;  ///< schema that all tables went to; empty: each to its own
  std::uint64_t tables_loaded = 0;
  std::uint64_t tables_failed = 0;
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;     ///< received from the source
  double overall_seconds = 0;  ///< until this row was written
  double extract_seconds = 0;
  double decode_seconds = 0;
  double load_seconds = 0;
  double publish_seconds = 0;  ///< of the publishing transaction
};

const LedgerTable<RunRecord>& runs_table();
const LedgerTable<TableRunRecord>& table_runs_table();
const LedgerTable<RunMetrics>& run_metrics_table();

/// The statements that write one run and its tables. finished_at is the target's now().
std::vector<Statement> run_statements(const Session& session, const RunRecord& run, std::vector<TableRunRecord> tables);
/// The statement that writes the figures of one run.
Statement metrics_statement(const Session& session, const RunMetrics& metrics);
/// In how many row groups DuckDB keeps `runs`: each run adds one, until a checkpoint puts them together.
/// @pre the dialect supports a checkpoint
std::uint64_t count_row_groups(Session& session, const Contents& contents);
/// Whether the ledger says that this run was published.
bool was_published(Session& session, const std::string& run_id);

}  // namespace pg2duck::destination
