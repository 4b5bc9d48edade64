#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "config/maintenance.hpp"
#include "config/object_store.hpp"
#include "config/rules/choice.hpp"
#include "config/rules/column_rule.hpp"
#include "config/rules/disposition.hpp"
#include "config/rules/kept_runs.hpp"
#include "config/rules/read_method.hpp"
#include "config/rules/table_rule.hpp"
#include "types/chosen_type.hpp"

// As in duckdb.h.
struct _duckdb_database;

namespace pg2duck::config {

/// What happens to the run when one table cannot be copied.
enum class OnError {
  kAbort,  ///< nothing is published
  kSkip,   ///< the other tables are published; the run ends with exit code 3
};

template <>
inline constexpr std::array kChoices<OnError>{Choice{"abort", OnError::kAbort}, Choice{"skip", OnError::kSkip}};

/// How DuckDB compresses the columns of the tables that it is given.
enum class Compression {
  kAuto,    ///< as it would choose itself, named where that is known before the load; the rest is left to it
  kDuckdb,  ///< all is left to it
  kFast,    ///< what loads fastest; the file gets bigger
};

template <>
inline constexpr std::array kChoices<Compression>{
    Choice{"auto", Compression::kAuto}, Choice{"duckdb", Compression::kDuckdb}, Choice{"fast", Compression::kFast}};

/// Whose limits a target is written under.
enum class Profile {
  kTarget,      ///< its own
  kMotherduck,  ///< MotherDuck's: batches, short transactions, retries; to try that path on another target
};

template <>
inline constexpr std::array kChoices<Profile>{Choice{"target", Profile::kTarget},
                                              Choice{"motherduck", Profile::kMotherduck}};

/// Everything that one full copy needs. Plain values; `sync::run` checks them once.
struct CopyOptions {
  /// libpq URI or key=value string; empty means the PG* environment, as psql takes it.
  Secret source;
  /// Where its password is written, for messages: ".dlt/secrets.toml:6". Empty: in no place of ours.
  std::string password_origin;
  /// As config::parse_target reads it: the path of a DuckDB file, created when absent (its directory is not), or
  /// another place by its prefix.
  std::string target;
  /// A `duckdb_database` of DuckDB's C API that the caller holds open: the target is the database that is attached to
  /// it under the name `target`, which is "memory" for one in memory. It is borrowed: it stays the caller's, who must
  /// keep it open until the run has returned and may use it meanwhile; a change of the same tables makes the run fail.
  /// Its settings stay as they are, so that memory and threads are the caller's choice, and tables are loaded by one
  /// thread each unless `preserve_insertion_order` is off. Null: `target` says where.
  _duckdb_database* instance = nullptr;
  /// The database of a service's target that names none, `md:`. Empty: `target` names it.
  std::string database;
  /// Make that database where there is none yet.
  bool create_database = false;
  /// What a target that asks for one is opened with.
  Secret target_token;
  /// Where signed extension files of DuckDB are looked for first, `NAME.duckdb_extension`. Empty: only where DuckDB
  /// itself keeps those that were installed.
  std::string extension_directory;
  /// Where a lake keeps its files. Empty: where its catalog says, or beside it.
  std::string data_path;
  /// That a DuckDB file gets, or is raised to, as ATTACH takes it. Empty: the file's; of a new one what each DuckDB
  /// from 1.0 on reads.
  std::string storage_version;
  /// How object stores are reached, where the target or its files are in one.
  ObjectStores object_stores;
  /// A file to which each statement for the target is appended. Empty: none.
  std::string sql_log;
  Profile profile = Profile::kTarget;
  /// Rows of one loading statement, where the target wants batches. 0: what suits the target.
  std::uint64_t batch_rows = 0;
  /// A directory, or a prefix in an object store, through which rows go into the target: as Parquet files that it
  /// reads. Empty: they go there directly.
  std::string stage;
  Maintenance maintenance;
  /// The runs that the ledger keeps.
  KeptRuns keep_runs;

  /// Table patterns (config/rules/table_pattern.hpp). Empty: every ordinary and partitioned table
  /// outside the system schemas.
  std::vector<std::string> tables;
  /// Patterns taken away again from what `tables` chose.
  std::vector<std::string> exclude;
  /// Put every table in this one target schema; unset: `public` becomes `main`, others keep their name.
  std::optional<std::string> dataset;
  /// Views and materialized views that match a pattern with wildcards are chosen too. A view named
  /// without wildcards is always taken.
  bool views = false;

  ReadMethod read = ReadMethod::kAuto;
  /// Bytes a second that all reading connections together take from Postgres. 0: as many as they can.
  std::uint64_t max_rate = 0;
  /// Reading connections to Postgres, a hard cap; one more holds the snapshot. 0: from the cores, one if gentle.
  unsigned jobs = 0;
  /// Copy at most so many rows of each table. Such a table is marked as limited in the ledger.
  std::optional<std::uint64_t> limit;
  /// Show so many rows of both sides of each table.
  std::uint64_t preview = 0;
  /// Plan only; nothing is read or written.
  bool dry_run = false;
  /// Let a limited copy replace a full one, a table replace a view of the same name, and a table be published that has
  /// lost more rows than it may.
  bool force = false;
  /// Carry primary keys over. Loading is about 40 % slower for such a table.
  bool primary_keys = false;

  /// What happens to the copy of a table that is there, where no table rule says otherwise.
  Mode mode = Mode::kReplace;
  /// What happens when the columns of a table have changed since it was copied, where no table rule says otherwise.
  OnSchemaChange on_schema_change = OnSchemaChange::kApply;
  /// Per cent of its copy's rows that a table may have lost since the last run, where no table rule says otherwise; one
  /// that has lost more is not published without `force`. Unset: it may lose all.
  std::optional<std::uint64_t> max_shrink;
  /// Replace every table this time, whatever its mode: finds what a cursor cannot see.
  bool full = false;
  /// Look in every merged table for rows that are gone from the source, or were missed, whatever their rules say.
  bool reconcile = false;

  /// What numeric without a precision, or with one of more than 38 digits, becomes.
  types::NumericTarget numeric;
  /// What happens to values that their target type cannot hold, where no column rule says otherwise.
  Unrepresentable unrepresentable = Unrepresentable::kError;
  /// Of rules that speak of the same column, the last one counts, setting by setting.
  std::vector<ColumnRule> columns;
  /// Of filters that match a table, the last one counts.
  std::vector<RowFilter> where;
  /// Of rules that match a table, the last one counts, setting by setting.
  std::vector<TableRule> table_rules;

  Compression compression = Compression::kAuto;
  OnError on_error = OnError::kAbort;
  /// DuckDB's memory limit in bytes. 0: half of what the machine or container allows.
  std::uint64_t memory_limit_bytes = 0;
};

/// What holds for one table: the run's options, overridden by every rule that matches it; the last one counts.
TableSettings settings_for(const CopyOptions& options, const TableName& table);

}  // namespace pg2duck::config
