#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/secret.hpp"
#include "config/options.hpp"
#include "config/target.hpp"
#include "destination/targets/dialect.hpp"
#include "destination/targets/instance.hpp"
#include "destination/targets/statement_log.hpp"

namespace pg2duck::destination {

/// The alias under which the target is attached, where its dialect allows one.
inline constexpr std::string_view kTargetCatalog = "pg2duck_target";

struct DatabaseOptions {
  std::string path;          ///< the DuckDB file, or what stands behind the prefix of another target
  void* instance = nullptr;  ///< a `duckdb_database` that is lent: `path` is the name of a database attached to it
  config::TargetKind kind = config::TargetKind::kFile;
  config::Profile profile = config::Profile::kTarget;
  Secret token;
  std::string extension_directory;
  bool create_database = false;              ///< of a service, where there is none of this name
  std::string storage_version;               ///< that a file gets, or is raised to; empty: its own, or DuckDB's
  std::string data_path;                     ///< where a lake keeps its files; empty: as its catalog says, or beside it
  std::string stage;                         ///< a place for files through which rows go into the target; empty: none
  std::uint64_t file_bytes = 0;              ///< of one Parquet file that is written; 0: what suits
  config::ObjectStores object_stores;        ///< how those are reached where anything of the target is
  std::uint64_t batch_rows = 0;              ///< instead of the dialect's own; 0: that one
  std::chrono::milliseconds session_age{0};  ///< the same
  unsigned threads = 2;                      ///< DuckDB's own threads
  std::uint64_t memory_limit_bytes = 0;      ///< 0: DuckDB's default
  bool read_only = false;
  OnStatement on_statement;  ///< may be empty
};

/// All rows of a small result, as text; nullopt is NULL. Not for table data.
struct Rows {
  std::vector<std::string> columns;
  std::vector<std::vector<std::optional<std::string>>> rows;
};

/// One of several statements of a transaction.
struct Statement {
  std::string sql;
  std::string where;  ///< context of its error, like "table public.orders"
};

class ParquetCatalog;
class StagingFiles;
class Session;

/// One DuckDB instance in memory with the target attached, or one that is lent. Closing (destruction) detaches the
/// target, a file after a checkpoint; what is lent stays as it was.
///
/// @thread `connect`, `set_memory_limit` and `keep_row_groups` may be called from any thread
class Database {
 public:
  /// Opens the target in `started`, made with the same options, or in an instance that it starts itself; a file or a
  /// lake is created when absent (its directory is not).
  /// @error Error(kConflict) when another process holds the file, with its name and PID if DuckDB tells;
  ///        Error(kDestination) when the directory is missing, not writable, or the file is no DuckDB file;
  ///        Error(kAuth), Error(kTransient) and others as the dialect says
  static Database open(const DatabaseOptions& options, std::optional<Instance> started = std::nullopt);
  /// Opens it for reading only, whatever `options` say. @return nullopt when there is nothing yet; @error as open
  static std::optional<Database> open_existing(DatabaseOptions options, Instance started);

  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  /// @error as the dialect says, where a session is a connection to a server
  [[nodiscard]] Session connect();

  [[nodiscard]] const Dialect& dialect() const;

  /// How much memory DuckDB may use here from now on, in bytes; a server of the target has its own, and so has an
  /// instance that is lent.
  /// @error Error(kDestination) when more is in use
  void set_memory_limit(std::uint64_t bytes);

  /// The checkpoint at the end puts no row groups together, neither small ones nor those with deleted rows.
  /// @shape a target that takes a checkpoint
  void keep_row_groups();

  /// DuckDB's version, e.g. "v1.5.5".
  static std::string library_version();

 private:
  friend class Session;
  struct State;
  explicit Database(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// One DuckDB connection.
///
/// @thread one caller at a time, but `interrupt` may come from any thread
class Session {
 public:
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  ~Session();

  /// Runs one statement in the target's engine.
  /// @error Error(kCancelled) after `interrupt`, else as the dialect says
  void execute(const std::string& sql);
  /// Runs all of them in one transaction of the target, and `before_commit` when nothing has been committed: an
  /// exception of it undoes them.
  /// @error as execute; Error(kTransient) when the connection broke: the transaction may be committed or not
  void execute_all(const std::vector<Statement>& statements, const std::function<void()>& before_commit = {});
  /// The same for what the target shall show from now on: where rows are in files, the manifest that names them is
  /// written before the COMMIT, and files that no manifest names are removed after it.
  void publish_all(const std::vector<Statement>& statements, const std::function<void()>& before_commit = {});
  /// Runs one statement in this process's DuckDB, wherever the target's own engine is.
  /// @return rows that it changed
  /// @error  as execute
  std::uint64_t execute_load(const std::string& sql);
  /// Makes the session anew when it has become older than the target likes them to be. Nothing of it may be in flight:
  /// no transaction, no load.
  /// @error as Database::connect
  void renew_if_old();
  /// A column of a type other than text, number, boolean, date or timestamp must be cast to VARCHAR.
  [[nodiscard]] Rows query(const std::string& sql);
  /// The single value of a one-row, one-column query.
  [[nodiscard]] std::int64_t query_int(const std::string& sql);
  /// Stops the statement that runs now, or else the next one; it then throws Error(kCancelled).
  void interrupt();
  /// `interrupt` was called, and no statement has thrown for it yet.
  [[nodiscard]] bool interrupt_pending() const;

  [[nodiscard]] const Dialect& dialect() const;
  /// The target's name as a catalog: in its engine, and in this process's DuckDB.
  [[nodiscard]] const std::string& catalog() const;
  [[nodiscard]] const std::string& catalog_here() const;

  /// The target's files, where its rows are in files; else null.
  [[nodiscard]] ParquetCatalog* files() const;

  /// Where rows go into the target through files; else null.
  [[nodiscard]] const StagingFiles* staging() const;

  /// The raw `duckdb_connection`, for bulk_load.
  [[nodiscard]] void* native() const;

 private:
  friend class Database;
  struct State;
  explicit Session(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace pg2duck::destination
