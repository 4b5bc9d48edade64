#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/identifier.hpp"
#include "destination/session/session.hpp"
#include "destination/tables/contents.hpp"
#include "destination/targets/reserved_names.hpp"

namespace pg2duck::destination {

/// A row of `_pg2duck.runs`. Times are ISO 8601 text with offset.
struct RunRecord {
  std::string run_id;  ///< UUID text
  std::string started_at;
  std::string status;  ///< "published", "failed", "interrupted"
  std::string version;
  std::string source;       ///< connection without password
  std::string snapshot;     ///< Postgres snapshot id
  std::string snapshot_at;  ///< ISO 8601, when the snapshot was taken; empty: never
  std::string lsn;
  std::string error;
};

/// A row of `_pg2duck.table_runs`.
struct TableRunRecord {
  TableName table;   ///< in the target
  std::string mode;  ///< "full", "limited", "append" or "merge"
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  double seconds = 0;
  std::string status;  ///< "published", "failed", "refused"
  std::string error;
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

/// A row of `_pg2duck.columns`: how a column of a published table was copied.
struct ColumnState {
  std::string name;         ///< in the target
  std::string source_type;  ///< as Postgres writes it; empty: it says when a version was valid (change.hpp)
  std::string target_type;
  std::string profile;  ///< what its values have shown (types/value_profile.hpp); empty: they do not matter
  std::uint64_t unrepresentable = 0;  ///< values that the target type could not hold
  // The column of the source that it is, in `_pg2duck.source_columns`; number 0: none.
  std::int16_t number = 0;  ///< pg_attribute.attnum
  std::string source_name;
  bool not_null = false;
  std::string expression;  ///< that made its values; empty: none
  /// What besides its type made its values at the source (source/catalog/value_origin.hpp); unset: not known.
  std::optional<std::string> value_origin = std::nullopt;

  friend bool operator==(const ColumnState&, const ColumnState&) = default;
};

/// A row of `_pg2duck.tables`: what the next run must know of a published table.
struct TableState {
  TableName source;
  TableName target;
  bool limited = false;
  std::uint32_t oid = 0;             ///< of the source table; 0: not known
  std::string origin;                ///< as read: the connection that it was copied from, as RunRecord::source
  std::vector<ColumnState> columns;  ///< as read: in no order
  // To be written: what of it the ledger has already.
  bool same_table = false;    ///< all but `columns` and `oid`
  bool same_columns = false;  ///< `columns` and `oid`

  /// Whether its rows are versions, and hold what the source does not any more.
  [[nodiscard]] bool has_versions() const;
};

/// Whether there is all that create_ledger makes.
bool has_ledger(const Contents& contents);
/// Creates the ledger's schema and tables where absent.
void create_ledger(Session& session);
/// State of all published tables by target name; empty when there is no ledger.
std::map<TableName, TableState> read_table_states(Session& session, const Contents& contents);
/// The statements that write one run and its tables. finished_at is the target's now().
std::vector<Statement> run_statements(const Session& session, const RunRecord& run,
                                      const std::vector<TableRunRecord>& tables);
/// The statement that writes the figures of one run.
Statement metrics_statement(const Session& session, const RunMetrics& metrics);
/// The statements that replace what is known of the targets of `states`.
std::vector<Statement> state_statements(const Session& session, const std::string& run_id,
                                        const std::vector<TableState>& states);
/// How many runs the ledger has seen; 0 when there is none.
std::uint64_t count_runs(Session& session, const Contents& contents);
/// Whether the ledger says that this run was published.
bool was_published(Session& session, const std::string& run_id);

}  // namespace pg2duck::destination
