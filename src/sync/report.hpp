#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/identifier.hpp"
#include "destination/publish/table_change.hpp"

namespace pg2duck::sync {

/// How one column travels, for plan and report.
struct ColumnPlan {
  std::string name;
  std::string source_type;  ///< as Postgres writes it
  std::string target_type;  ///< as DuckDB writes it
  std::string note;         ///< what its type does not say: why it travels as text, for one; may be empty
  std::string expression;   ///< of DuckDB, that makes its values; empty: none
  /// How it is told to be compressed: "dictionary", "fsst", "uncompressed"; "duckdb": as DuckDB chooses.
  std::string compression = "duckdb";
};

/// What is different at the source since a table was copied last.
struct SchemaChange {
  enum class Kind {
    kAdded,
    kDropped,
    kRenamed,
    kRetyped,
    kLearnt,  ///< its type in the copy, because of its values; types are DuckDB's
    kNullable,
    kNotNull,
    kRecreated,
    kRemade
  };

  Kind kind = Kind::kAdded;
  std::string column;  ///< its name at the source, now or last; empty: it is about the table
  std::string was;     ///< name or type
  std::string now;
  std::string effect;  ///< on the copy, where it does not simply follow
};

/// "column_added", "column_dropped", …
std::string_view to_string(SchemaChange::Kind kind);
/// "column total: integer has become bigint".
std::string describe(const SchemaChange& change);

/// A table that has a copy and is not there any more. The copy stays.
struct GoneTable {
  TableName source;
  TableName target;
  std::optional<TableName> now;  ///< what it is called at the source now; unset: it was dropped
};

/// "it was dropped; its copy main.orders stays as it is".
std::string describe(const GoneTable& table);

/// What will be done with one table.
struct TablePlan {
  TableName source;
  TableName target;
  std::string kind;  ///< "table", "partitioned table", "view", "materialized view", "foreign table"
  std::vector<ColumnPlan> columns;
  std::uint64_t bytes = 0;            ///< heap and toast on the source
  double estimated_rows = -1;         ///< -1: never analysed
  std::size_t ranges = 1;             ///< pieces that are read in parallel
  std::string read;                   ///< "copy in ranges" or "copy in one piece: <why>"
  std::vector<std::string> warnings;  ///< e.g. a foreign table is not part of the snapshot
  std::vector<SchemaChange> schema_changes;
};

enum class TableStatus {
  kPublished,
  kRefused,      ///< cannot be copied; known before any row was read
  kFailed,       ///< an error while copying
  kNotPublished  ///< copied, but the run was aborted or cancelled
};
std::string_view to_string(TableStatus status);

/// Some rows of both sides as text, NULL as nullopt.
struct Preview {
  std::vector<std::string> columns;
  std::vector<std::vector<std::optional<std::string>>> source;
  std::vector<std::vector<std::optional<std::string>>> target;
};

/// How one column was copied.
struct ColumnReport {
  ColumnPlan plan;
  std::uint64_t unrepresentable = 0;  ///< values that its type could not hold
};

struct TableReport {
  TableName source;
  TableName target;
  TableStatus status = TableStatus::kNotPublished;
  std::uint64_t rows = 0;   ///< that were read and staged, once both sides have counted them
  std::uint64_t bytes = 0;  ///< received from the server
  /// Rows of the source that the copy is to hold, counted under the snapshot. Unset: they were not counted.
  std::optional<std::uint64_t> source_rows;
  std::optional<std::uint64_t> target_rows;  ///< of the copy; versions: those that are valid. Unset: it was not made
  destination::RowChanges changes;           ///< what happened to the rows of the copy
  double seconds = 0;
  bool limited = false;
  std::string mode = "full";          ///< what its rows did to the copy: "full", "limited", "append" or "merge"
  std::vector<ColumnReport> columns;  ///< in the order of the target; empty when the table was not copied
  std::vector<std::string> warnings;
  std::vector<SchemaChange> schema_changes;
  std::optional<Error> error;
  std::optional<Error> shortfall;  ///< its copy, though published, lacks rows
  std::optional<Preview> preview;
};

/// Where the reading threads spent their time, in seconds summed over threads.
struct StageSeconds {
  double read = 0;    ///< waiting for and receiving bytes from Postgres
  double decode = 0;  ///< turning bytes into values
  double write = 0;   ///< DuckDB taking the values

  void add(const StageSeconds& other);
  /// "reading from Postgres", "decoding" or "writing to DuckDB".
  [[nodiscard]] std::string slowest() const;
};

/// Sums over some tables.
struct Totals {
  std::uint64_t tables_loaded = 0;
  std::uint64_t tables_failed = 0;  ///< refused, failed, or not published
  std::uint64_t rows = 0;           ///< of the tables that were loaded, and so are the bytes
  std::uint64_t bytes = 0;

  void add(const std::vector<TableReport>& tables);
};

struct RunReport {
  std::string run_id;
  std::string source;  ///< without secrets
  std::string target;
  std::string snapshot_at;
  std::string last_sync_time;  ///< read back from the target; empty when nothing was published
  std::vector<TableReport> tables;
  std::vector<GoneTable> gone;
  std::string dataset;  ///< the one schema that all tables went to; empty: each to its own
  StageSeconds stages;
  double publish_seconds = 0;  ///< the transaction that made the new tables visible
  double seconds = 0;
  /// The process's, while the run went: runs beside it are counted too (base/peak_memory.hpp).
  std::uint64_t peak_memory_bytes = 0;
  /// Why nothing was published; unset when the run published.
  std::optional<Error> error;
  /// What failed of that which was to be done to the target afterwards, and rows that published copies lack.
  std::vector<Error> unfinished;

  /// 0 done, 1 failed, 2 usage or configuration, 3 published, but not all that was asked for is done, 130 cancelled.
  [[nodiscard]] int exit_code() const;
};

}  // namespace pg2duck::sync
