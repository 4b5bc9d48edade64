#include "destination/database.hpp"

#include <atomic>
#include <charconv>
#include <filesystem>
#include <unistd.h>
#include <utility>

#include <duckdb.h>

#include "base/handle.hpp"
#include "base/identifier.hpp"
#include "base/version.hpp"
#include "destination/attachment.hpp"
#include "destination/error_text.hpp"
#include "destination/load_function.hpp"
#include "destination/parquet_catalog.hpp"
#include "destination/path_claim.hpp"
#include "destination/statement.hpp"

namespace pg2duck::destination {
namespace {

using DatabaseHandle = AddressHandle<duckdb_database, duckdb_close>;
using ConnectionHandle = AddressHandle<duckdb_connection, duckdb_disconnect>;
using ConfigHandle = AddressHandle<duckdb_config, duckdb_destroy_config>;

void set_option(duckdb_config config, const char* name, const std::string& value) {
  if (duckdb_set_config(config, name, value.c_str()) == DuckDBError) {
    throw Error(ErrorKind::kDestination, std::string("DuckDB refuses the setting ") + name + " = " + value);
  }
}

/// Where DuckDB spills what does not fit into memory; an instance in memory would do it in the working directory.
std::string spill_directory(const DatabaseOptions& options, const Dialect& dialect) {
  if (dialect.takes.file_locks) {
    return options.path + ".tmp";
  }
  return (std::filesystem::temp_directory_path() / ("pg2duck_" + std::to_string(getpid()) + ".tmp")).string();
}

ConfigHandle make_config(const DatabaseOptions& options, const Dialect& dialect) {
  ConfigHandle config;
  if (duckdb_create_config(config.out()) == DuckDBError) {
    throw Error(ErrorKind::kDestination, "DuckDB cannot make its configuration");
  }
  set_option(config.get(), "threads", std::to_string(options.threads == 0 ? 1 : options.threads));
  if (options.memory_limit_bytes != 0) {
    set_option(config.get(), "memory_limit", std::to_string(options.memory_limit_bytes) + "B");
  }
  // With the order kept, an INSERT from a table function runs on one thread.
  set_option(config.get(), "preserve_insertion_order", "false");
  // Nothing is downloaded or loaded that the user did not ask for.
  set_option(config.get(), "autoinstall_known_extensions", "false");
  set_option(config.get(), "autoload_known_extensions", "false");
  set_option(config.get(), "temp_directory", spill_directory(options, dialect));
  set_option(config.get(), "custom_user_agent", std::string("pg2duck/") + kVersion);
  return config;
}

DatabaseHandle open_instance(const DatabaseOptions& options, const Dialect& dialect) {
  const ConfigHandle config = make_config(options, dialect);
  DatabaseHandle database;
  char* text = nullptr;
  if (duckdb_open_ext(nullptr, database.out(), config.get(), &text) == DuckDBError) {
    const std::unique_ptr<char, Releaser<duckdb_free>> owner(text);
    throw translate_error(text == nullptr ? "the instance does not start" : text);
  }
  return database;
}

ConnectionHandle make_connection(duckdb_database database) {
  ConnectionHandle connection;
  if (duckdb_connect(database, connection.out()) == DuckDBError) {
    throw Error(ErrorKind::kDestination, "DuckDB cannot make a connection");
  }
  return connection;
}

void run_quietly(duckdb_connection connection, const std::string& sql) noexcept {
  try {
    run_statement(connection, sql);
  } catch (...) {
    // Only from destructors: what is committed is safe in the write-ahead log.
  }
}

}  // namespace

struct Database::State {
  State(DatabaseOptions wanted, Dialect of_target)
      : options(std::move(wanted)), dialect(of_target), database(open_instance(options, dialect)) {
    if (dialect.takes.file_locks) {
      claim.emplace(options.path);
    }
    control = make_connection(database.get());
    register_load_function(control.get());
    load_extensions(control.get(), dialect, options);
    // Text made of a TIMESTAMPTZ must not depend on the machine.
    run_statement(control.get(), "SET GLOBAL TimeZone = 'UTC'");
    if (dialect.engine == Engine::kRemote) {
      // Sent twice, a part of a load would be there twice.
      run_statement(control.get(), "SET GLOBAL http_retries = 0");
    }
    attachment = attach_target(control.get(), dialect, options, std::string(kTargetCatalog));
    if (dialect.rows_in_files) {
      files.emplace(options.path, attachment.alias, dialect);
      if (!options.read_only) {
        files->make_root();
      }
      files->load(control.get());
    }
  }

  State(const State&) = delete;
  State& operator=(const State&) = delete;

  ~State() {
    if (!options.read_only && dialect.takes.checkpoint) {
      run_quietly(control.get(), "CHECKPOINT " + quote_identifier(attachment.alias));
    }
    run_quietly(control.get(), "DETACH " + quote_identifier(attachment.alias));
  }

  DatabaseOptions options;
  Dialect dialect;
  std::optional<PathClaim> claim;
  DatabaseHandle database;
  ConnectionHandle control;
  Attachment attachment;
  std::optional<ParquetCatalog> files;
  std::atomic<unsigned> sessions{0};
};

Database::Database(std::unique_ptr<State> state) : state_(std::move(state)) {}

Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Database Database::open(const DatabaseOptions& options) {
  Dialect dialect = dialect_of(options.kind, options.profile);
  if (options.batch_rows > 0) {
    dialect.limits.batch_rows = options.batch_rows;
  }
  if (dialect.takes.file_locks && (options.path.empty() || options.path == ":memory:")) {
    throw Error(ErrorKind::kUsage, "the target must be a file").set_hint("name one, like copy.duckdb");
  }
  if (!options.data_path.empty() && !dialect.takes.data_path) {
    throw Error(ErrorKind::kUsage, "only a lake keeps its files at a data path").set_hint("leave --data-path out");
  }
  try {
    return Database(std::make_unique<State>(options, dialect));
  } catch (Error& error) {
    throw error.add_context("target " + std::string(dialect.path_prefix) + options.path);
  }
}

std::optional<Database> Database::open_existing(DatabaseOptions options) {
  options.read_only = true;
  const Dialect dialect = dialect_of(options.kind, options.profile);
  if (!target_is_there(dialect, options.path)) {
    return std::nullopt;
  }
  try {
    return open(options);
  } catch (const Error& error) {
    if (!dialect.absent.empty() && error.message().find(dialect.absent) != std::string::npos) {
      return std::nullopt;
    }
    throw;
  }
}

const Dialect& Database::dialect() const {
  return state_->dialect;
}

void Database::set_memory_limit(std::uint64_t bytes) {
  const ConnectionHandle connection = make_connection(state_->database.get());
  run_statement(connection.get(), "SET GLOBAL memory_limit = '" + std::to_string(bytes) + "B'");
}

std::string Database::library_version() {
  return duckdb_library_version();
}

struct Session::State {
  State(ConnectionHandle handle, const Dialect& of_target, const OnStatement& told, Attachment target,
        ParquetCatalog* of_files)
      : connection(std::move(handle)),
        dialect(of_target),
        on_statement(told),
        attachment(std::move(target)),
        files(of_files),
        attached_for_itself(dialect.engine == Engine::kRemote) {}

  State(const State&) = delete;
  State& operator=(const State&) = delete;

  ~State() {
    if (attached_for_itself) {
      run_quietly(connection.get(), "DETACH " + quote_identifier(attachment.alias));
    }
  }

  template <typename Run>
  auto guarded(Run run) {
    if (interrupted.exchange(false)) {
      throw Error(ErrorKind::kCancelled, "interrupted");
    }
    try {
      return run();
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::kCancelled) {
        interrupted = false;
      }
      throw;
    }
  }

  void run(const std::string& sql) {
    tell(sql);
    guarded([&] { return run_statement(connection.get(), for_engine(dialect, attachment, sql), dialect.errors); });
  }

  void tell(const std::string& sql) const {
    if (on_statement) {
      on_statement(sql);
    }
  }

  void run_step(const Statement& statement) {
    try {
      run(statement.sql);
    } catch (Error& error) {
      if (!statement.where.empty()) {
        error.add_context(statement.where);
      }
      throw;
    }
  }

  /// Not guarded, as a pending interrupt would refuse it. After a COMMIT that failed there is no transaction left, and
  /// the error of that says nothing new.
  void roll_back() { run_quietly(connection.get(), for_engine(dialect, attachment, "ROLLBACK")); }

  ConnectionHandle connection;
  const Dialect& dialect;
  const OnStatement& on_statement;
  Attachment attachment;
  ParquetCatalog* files;
  bool attached_for_itself;
  std::atomic<bool> interrupted = false;
};

Session Database::connect() {
  ConnectionHandle connection = make_connection(state_->database.get());
  Attachment attachment = state_->attachment;
  if (state_->dialect.engine == Engine::kRemote) {
    attachment = attach_target(connection.get(), state_->dialect, state_->options,
                               std::string(kTargetCatalog) + "_" + std::to_string(++state_->sessions));
  }
  return Session(std::make_unique<Session::State>(std::move(connection), state_->dialect, state_->options.on_statement,
                                                  std::move(attachment), state_->files ? &*state_->files : nullptr));
}

Session::Session(std::unique_ptr<State> state) : state_(std::move(state)) {}

Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

void Session::execute(const std::string& sql) {
  state_->run(sql);
}

void Session::execute_all(const std::vector<Statement>& statements, const std::function<void()>& before_commit) {
  const bool one_request = dialect().engine == Engine::kRemote;
  std::string request = "BEGIN TRANSACTION";
  if (!one_request) {
    execute(request);
  }
  try {
    for (const Statement& statement : statements) {
      if (one_request) {
        request += ";\n" + statement.sql;
      } else {
        state_->run_step(statement);
      }
    }
    if (before_commit) {
      before_commit();
    }
    execute(one_request ? request + ";\nCOMMIT" : "COMMIT");
  } catch (...) {
    state_->roll_back();
    throw;
  }
}

void Session::publish_all(const std::vector<Statement>& statements, const std::function<void()>& before_commit) {
  if (state_->files == nullptr) {
    execute_all(statements, before_commit);
    return;
  }
  execute_all(statements, [&] {
    if (before_commit) {
      before_commit();
    }
    state_->files->write_manifest(native());
  });
  try {
    state_->files->remove_unnamed(native());
  } catch (const Error&) {
    // Nothing on purpose: what is published is published, and the next run removes them.
  }
}

ParquetCatalog* Session::files() const {
  return state_->files;
}

std::uint64_t Session::execute_load(const std::string& sql) {
  state_->tell(sql);
  return state_->guarded([&] { return run_statement(native(), sql, dialect().errors); });
}

Rows Session::query(const std::string& sql) {
  state_->tell(sql);
  return state_->guarded(
      [&] { return run_query(native(), for_engine(dialect(), state_->attachment, sql), dialect().errors); });
}

const Dialect& Session::dialect() const {
  return state_->dialect;
}

const std::string& Session::catalog() const {
  return state_->attachment.catalog;
}

const std::string& Session::catalog_here() const {
  return state_->attachment.alias;
}

std::int64_t Session::query_int(const std::string& sql) {
  const Rows result = query(sql);
  if (result.rows.size() != 1 || result.columns.size() != 1 || !result.rows[0][0]) {
    throw Error(ErrorKind::kBug, "a query for DuckDB did not yield one number");
  }
  const std::string& text = *result.rows[0][0];
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size()) {
    throw Error(ErrorKind::kBug, "a query for DuckDB yielded " + text + " instead of a number");
  }
  return value;
}

void Session::interrupt() {
  state_->interrupted = true;
  duckdb_interrupt(state_->connection.get());
}

bool Session::interrupt_pending() const {
  return state_->interrupted;
}

void* Session::native() const {
  return state_->connection.get();
}

}  // namespace pg2duck::destination
