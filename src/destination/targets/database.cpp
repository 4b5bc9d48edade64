#include "destination/targets/database.hpp"

#include <atomic>
#include <charconv>
#include <chrono>
#include <mutex>
#include <utility>

#include <duckdb.h>

#include "base/identifier.hpp"
#include "destination/load/staging_files.hpp"
#include "destination/parquet/parquet_catalog.hpp"
#include "destination/parquet/parquet_files.hpp"
#include "destination/targets/attachment.hpp"
#include "destination/targets/error_text.hpp"
#include "destination/targets/link.hpp"
#include "destination/targets/load_function.hpp"
#include "destination/targets/object_store.hpp"
#include "destination/targets/path_claim.hpp"
#include "destination/targets/service.hpp"
#include "destination/targets/statement.hpp"

namespace pg2duck::destination {
namespace {

/// Whether DuckDB has said so by this error: there is nothing where the target is to be.
bool says_absent(const Error& error, const Dialect& dialect) {
  return !dialect.absent.empty() && error.message().find(dialect.absent) != std::string::npos;
}

void check_options(const DatabaseOptions& options, const Dialect& dialect) {
  if (dialect.supports.file_locks && (options.path.empty() || options.path == ":memory:")) {
    throw Error(ErrorKind::kUsage, "the target must be a file").set_hint("name one, like copy.duckdb");
  }
  if (!options.data_path.empty() && !dialect.supports.data_path) {
    throw Error(ErrorKind::kUsage, "only a lake keeps its files at a data path").set_hint("leave --data-path out");
  }
  if (!options.storage_version.empty() && !dialect.supports.file_locks) {
    throw Error(ErrorKind::kUsage, "only a target that is a DuckDB file has a storage version")
        .set_hint("leave --storage-version out");
  }
  if (!options.stage.empty() && dialect.rows_in_files) {
    throw Error(ErrorKind::kUsage, "a target of Parquet files needs no files on the way to it")
        .set_hint("leave --stage out");
  }
  if (!options.stage.empty() && options.instance != nullptr) {
    throw Error(ErrorKind::kUsage, "an instance that is lent takes no files on the way").set_hint("leave stage out");
  }
  if (options.create_database && dialect.service.path.empty()) {
    throw Error(ErrorKind::kUsage, "only MotherDuck's databases are created by --create-database")
        .set_hint("leave it out: files and lakes are created when absent");
  }
}

/// Where nothing is attached that would show whether there is such a version.
void check_storage_version(const DatabaseOptions& options, const Dialect& dialect, const Instance& instance) {
  if (!options.storage_version.empty()) {
    run_statement(make_connection(instance).get(),
                  "SET storage_compatibility_version = " + quote_literal(options.storage_version), dialect.errors);
  }
}

Dialect dialect_for(const DatabaseOptions& options) {
  return options.instance != nullptr ? borrowed_dialect(options.profile) : dialect_of(options.kind, options.profile);
}

}  // namespace

struct Database::State {
  State(DatabaseOptions wanted, Dialect of_target, Instance started)
      : options(std::move(wanted)), dialect(of_target), instance(std::move(started)) {
    if (dialect.supports.file_locks) {
      claim.emplace(options.path);
    }
    control = connect();
    if (instance.is_borrowed()) {
      register_load_function_once(control.get());
    } else {
      run_statement(control.get(), "SET GLOBAL TimeZone = 'UTC'");
      register_load_function(control.get());
    }
    load_extensions(control.get(), dialect, options);
    if (dialect.engine == Engine::kRemote) {
      // Sent twice, a part of a load would be there twice.
      run_statement(control.get(), "SET GLOBAL http_retries = 0");
    }
    attachment = instance.is_borrowed() ? find_attached(control.get(), options.path)
                                        : attach_target(control.get(), dialect, options, std::string(kTargetCatalog));
    if (!dialect.service.path.empty()) {
      adapt_to_service(control.get(), attachment.alias, dialect);
    }
    if (!options.stage.empty()) {
      staging.emplace(options.stage, file_bytes());
    }
    if (dialect.rows_in_files) {
      files.emplace(options.path, attachment.alias, dialect, file_bytes());
      if (!options.read_only) {
        files->make_root();
      }
      files->load(control.get());
    }
  }

  State(const State&) = delete;
  State& operator=(const State&) = delete;

  ~State() {
    if (!options.read_only && dialect.supports.checkpoint) {
      run_quietly(control.get(), "CHECKPOINT " + quote_identifier(attachment.alias));
    }
    if (!instance.is_borrowed()) {
      run_quietly(control.get(), "DETACH " + quote_identifier(attachment.alias));
    }
  }

  [[nodiscard]] std::uint64_t file_bytes() const {
    return options.file_bytes == 0 ? kParquetFileBytes : options.file_bytes;
  }

  /// Text made of a TIMESTAMPTZ must not depend on the machine, nor on who lends the instance.
  [[nodiscard]] ConnectionHandle connect() const {
    ConnectionHandle connection = make_connection(instance);
    if (instance.is_borrowed()) {
      run_statement(connection.get(), "SET SESSION TimeZone = 'UTC'");
    }
    return connection;
  }

  Link link() {
    ConnectionHandle connection = connect();
    if (dialect.engine != Engine::kRemote) {
      return {std::move(connection), attachment, false};
    }
    Attachment own = attach_target(connection.get(), dialect, options,
                                   std::string(kTargetCatalog) + "_" + std::to_string(++sessions));
    return {std::move(connection), std::move(own), true};
  }

  DatabaseOptions options;
  Dialect dialect;
  std::optional<PathClaim> claim;
  Instance instance;
  ConnectionHandle control;
  Attachment attachment;
  std::optional<ParquetCatalog> files;
  std::optional<StagingFiles> staging;
  std::atomic<unsigned> sessions{0};
};

Database::Database(std::unique_ptr<State> state) : state_(std::move(state)) {}

Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Database Database::open(const DatabaseOptions& options, std::optional<Instance> started) {
  Dialect dialect = dialect_for(options);
  if (options.batch_rows > 0) {
    dialect.limits.batch_rows = options.batch_rows;
  }
  if (options.session_age.count() > 0) {
    dialect.limits.session_age = options.session_age;
  }
  if (dialect.rows_in_files) {
    dialect.errors = object_store_errors(options.path);
  }
  check_options(options, dialect);
  try {
    try {
      return Database(
          std::make_unique<State>(options, dialect, started ? *std::move(started) : Instance::start(options)));
    } catch (const Error& error) {
      if (!options.create_database || options.read_only || !says_absent(error, dialect)) {
        throw;
      }
    }
    destination::create_database(options, dialect);
    return Database(std::make_unique<State>(options, dialect, Instance::start(options)));
  } catch (Error& error) {
    throw error.add_context("target " + std::string(dialect.path_prefix) + options.path);
  }
}

std::optional<Database> Database::open_existing(DatabaseOptions options, Instance started) {
  options.read_only = true;
  const Dialect dialect = dialect_for(options);
  if (!target_is_there(dialect, options.path)) {
    check_options(options, dialect);
    check_storage_version(options, dialect, started);
    return std::nullopt;
  }
  try {
    return open(options, std::move(started));
  } catch (const Error& error) {
    // A service's database has to be there, unless it is to be made.
    if (says_absent(error, dialect) && (dialect.service.path.empty() || options.create_database)) {
      return std::nullopt;
    }
    throw;
  }
}

const Dialect& Database::dialect() const {
  return state_->dialect;
}

void Database::set_memory_limit(std::uint64_t bytes) {
  if (state_->instance.is_borrowed()) {
    return;
  }
  const ConnectionHandle connection = make_connection(state_->instance);
  run_statement(connection.get(), "SET GLOBAL memory_limit = '" + std::to_string(bytes) + "B'");
}

void Database::keep_row_groups() {
  const ConnectionHandle connection = make_connection(state_->instance);
  run_statement(connection.get(), "SET GLOBAL max_vacuum_tasks = 0");
}

std::string Database::library_version() {
  return duckdb_library_version();
}

struct Session::State {
  explicit State(Database::State& database)
      : owner(database),
        dialect(database.dialect),
        on_statement(database.options.on_statement),
        link(database.link()),
        files(database.files ? &*database.files : nullptr) {}

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
    guarded(
        [&] { return run_statement(link.connection(), for_engine(dialect, link.attachment(), sql), dialect.errors); });
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
  void roll_back() { run_quietly(link.connection(), for_engine(dialect, link.attachment(), "ROLLBACK")); }

  Database::State& owner;
  const Dialect& dialect;
  const OnStatement& on_statement;
  std::mutex renewing;  // held where `link` is exchanged, and where another thread uses it
  Link link;
  std::chrono::steady_clock::time_point since = std::chrono::steady_clock::now();
  ParquetCatalog* files;
  std::atomic<bool> interrupted = false;
};

Session Database::connect() {
  return Session(std::make_unique<Session::State>(*state_));
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

const StagingFiles* Session::staging() const {
  return state_->owner.staging ? &*state_->owner.staging : nullptr;
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
      [&] { return run_query(native(), for_engine(dialect(), state_->link.attachment(), sql), dialect().errors); });
}

const Dialect& Session::dialect() const {
  return state_->dialect;
}

const std::string& Session::catalog() const {
  return state_->link.attachment().catalog;
}

const std::string& Session::catalog_here() const {
  return state_->link.attachment().alias;
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
  const std::lock_guard lock(state_->renewing);
  duckdb_interrupt(state_->link.connection());
}

void Session::renew_if_old() {
  const std::chrono::milliseconds most = dialect().limits.session_age;
  const auto now = std::chrono::steady_clock::now();
  if (most.count() == 0 || now - state_->since < most) {
    return;
  }
  Link fresh = state_->owner.link();
  const std::lock_guard lock(state_->renewing);
  state_->link = std::move(fresh);
  state_->since = now;
}

bool Session::interrupt_pending() const {
  return state_->interrupted;
}

void* Session::native() const {
  return state_->link.connection();
}

}  // namespace pg2duck::destination
