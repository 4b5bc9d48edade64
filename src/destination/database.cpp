#include "destination/database.hpp"

#include <atomic>
#include <charconv>
#include <chrono>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>
#include <utility>

#include <duckdb.h>

#include "base/handle.hpp"
#include "base/identifier.hpp"
#include "destination/error_text.hpp"
#include "destination/load_function.hpp"
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

ConfigHandle make_config(const DatabaseOptions& options) {
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
  // An instance in memory would spill into the working directory.
  set_option(config.get(), "temp_directory", options.path + ".tmp");
  return config;
}

DatabaseHandle open_instance(const DatabaseOptions& options) {
  const ConfigHandle config = make_config(options);
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

/// Whether another process holds a lock on the file, as DuckDB does while it is open.
bool is_locked(const std::string& path) {
  const int file = open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) {
    return true;
  }
  struct flock lock{};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  const bool locked = fcntl(file, F_GETLK, &lock) != 0 || lock.l_type != F_UNLCK;
  close(file);
  return locked;
}

/// An empty file, as `mktemp` makes one or a full disk leaves one, holds nothing that could be lost, but DuckDB takes
/// it for damaged. One that has just appeared may be another process's that is about to lock it.
void remove_if_empty(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored) || std::filesystem::file_size(path, ignored) != 0 ||
      std::filesystem::exists(path + ".wal", ignored)) {
    return;
  }
  const auto age = std::filesystem::file_time_type::clock::now() - std::filesystem::last_write_time(path, ignored);
  if (age > std::chrono::milliseconds(100) && !is_locked(path)) {
    std::filesystem::remove(path, ignored);
  }
}

void attach(duckdb_connection connection, const DatabaseOptions& options) {
  if (!options.read_only) {
    remove_if_empty(options.path);
  }
  // The type is given so that DuckDB does not guess it from the path or the file's first bytes.
  run_statement(connection, "ATTACH " + quote_literal(options.path) + " AS " + quote_identifier(kTargetCatalog) +
                                " (TYPE duckdb" + (options.read_only ? ", READ_ONLY" : "") + ")");
  // Text made of a TIMESTAMPTZ must not depend on the machine.
  run_statement(connection, "SET GLOBAL TimeZone = 'UTC'");
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
  explicit State(const DatabaseOptions& options)
      : claim(options.path),
        database(open_instance(options)),
        control(make_connection(database.get())),
        read_only(options.read_only) {
    register_load_function(control.get());
    attach(control.get(), options);
  }

  State(const State&) = delete;
  State& operator=(const State&) = delete;

  ~State() {
    if (!read_only) {
      run_quietly(control.get(), "CHECKPOINT " + quote_identifier(kTargetCatalog));
    }
    run_quietly(control.get(), "DETACH " + quote_identifier(kTargetCatalog));
  }

  PathClaim claim;
  DatabaseHandle database;
  ConnectionHandle control;
  bool read_only;
};

Database::Database(std::unique_ptr<State> state) : state_(std::move(state)) {}

Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Database Database::open(const DatabaseOptions& options) {
  if (options.path.empty() || options.path == ":memory:") {
    throw Error(ErrorKind::kUsage, "the target must be a file").set_hint("name one, like copy.duckdb");
  }
  try {
    return Database(std::make_unique<State>(options));
  } catch (Error& error) {
    throw error.add_context("target " + options.path);
  }
}

std::string Database::library_version() {
  return duckdb_library_version();
}

struct Session::State {
  explicit State(ConnectionHandle handle) : connection(std::move(handle)) {}

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

  ConnectionHandle connection;
  std::atomic<bool> interrupted = false;
};

Session Database::connect() {
  return Session(std::make_unique<Session::State>(make_connection(state_->database.get())));
}

Session::Session(std::unique_ptr<State> state) : state_(std::move(state)) {}

Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

std::uint64_t Session::execute(const std::string& sql) {
  return state_->guarded([&] { return run_statement(native(), sql); });
}

std::uint64_t Session::execute_long(const std::string& sql) {
  return state_->guarded([&] { return run_long_statement(native(), sql); });
}

Rows Session::query(const std::string& sql) {
  return state_->guarded([&] { return run_query(native(), sql); });
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

Transaction::Transaction(Session& session) : session_(session) {
  session_.execute("BEGIN TRANSACTION");
}

Transaction::~Transaction() {
  if (open_) {
    // Not through the session, where a pending interrupt would refuse it. After a COMMIT that failed there
    // is no transaction left, and the error of that says nothing new.
    run_quietly(static_cast<duckdb_connection>(session_.native()), "ROLLBACK");
  }
}

void Transaction::commit() {
  session_.execute("COMMIT");
  open_ = false;
}

}  // namespace pg2duck::destination
