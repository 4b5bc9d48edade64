#include "destination/session/database.hpp"

#include <atomic>
#include <utility>

#include "base/identifier.hpp"
#include "destination/parquet/parquet_catalog.hpp"
#include "destination/parquet/parquet_files.hpp"
#include "destination/parquet/staging_place.hpp"
#include "destination/targets/attachment.hpp"
#include "destination/targets/extensions.hpp"
#include "destination/targets/path_claim.hpp"
#include "destination/targets/reserved_names.hpp"
#include "destination/targets/service.hpp"
#include "destination/targets/store_errors.hpp"
#include "destination/targets/target_errors.hpp"
#include "engine/load_function.hpp"
#include "engine/statement.hpp"

namespace pg2duck::destination {
namespace {

using engine::run_quietly;
using engine::run_statement;

/// Where nothing is attached that would show whether there is such a version.
void check_storage_version(const DatabaseOptions& options, const Dialect& dialect, const engine::Instance& instance) {
  if (!options.storage_version.empty()) {
    run_statement(engine::Connection(instance),
                  "SET storage_compatibility_version = " + quote_literal(options.storage_version), {dialect.errors});
  }
}

/// Text made of a TIMESTAMPTZ must not depend on the machine, nor on whose the instance is.
engine::Connection connect_to(const engine::Instance& instance) {
  engine::Connection connection(instance);
  if (instance.is_borrowed()) {
    run_statement(connection, "SET SESSION TimeZone = 'UTC'");
  }
  return connection;
}

void set_up(const engine::Instance& instance, const engine::Connection& connection) {
  if (instance.is_borrowed()) {
    engine::register_load_function_once(connection);
  } else {
    run_statement(connection, "SET GLOBAL TimeZone = 'UTC'");
    engine::register_load_function(connection);
  }
}

}  // namespace

struct Database::State {
  State(DatabaseOptions wanted, Dialect of_target, engine::Instance started)
      : options(std::move(wanted)),
        dialect(of_target),
        claim(dialect.supports.file_locks ? std::make_unique<PathClaim>(options.path) : nullptr),
        instance(std::move(started)),
        control(connect_to(instance)) {
    set_up(instance, control);
    load_extensions(control, dialect, options);
    if (dialect.engine == Engine::kRemote) {
      // Sent twice, a part of a load would be there twice.
      run_statement(control, "SET GLOBAL http_retries = 0");
    }
    attachment = instance.is_borrowed() ? find_attached(control, options.path)
                                        : attach_target(control, dialect, options, std::string(kTargetCatalog));
    if (!dialect.service.path.empty()) {
      adapt_to_service(control, attachment.alias, dialect);
    }
    if (!options.stage.empty()) {
      staging = std::make_unique<StagingPlace>(options.stage, object_store_errors(options.stage), file_bytes());
    }
    if (dialect.rows_in_files) {
      files = std::make_unique<ParquetCatalog>(options.path, attachment.alias, dialect, file_bytes());
      if (!options.read_only) {
        files->make_root();
      }
      files->load(control);
    }
  }

  State(const State&) = delete;
  State& operator=(const State&) = delete;

  ~State() {
    if (!options.read_only && dialect.supports.checkpoint) {
      run_quietly(control, "CHECKPOINT " + quote_identifier(attachment.alias));
    }
    if (!instance.is_borrowed()) {
      run_quietly(control, "DETACH " + quote_identifier(attachment.alias));
    }
  }

  [[nodiscard]] std::uint64_t file_bytes() const {
    return options.file_bytes == 0 ? kParquetFileBytes : options.file_bytes;
  }

  Link link() {
    engine::Connection connection = connect_to(instance);
    if (dialect.engine != Engine::kRemote) {
      return {std::move(connection), attachment, false};
    }
    Attachment own =
        attach_target(connection, dialect, options, std::string(kTargetCatalog) + "_" + std::to_string(++sessions));
    return {std::move(connection), std::move(own), true};
  }

  DatabaseOptions options;
  Dialect dialect;
  std::unique_ptr<PathClaim> claim;
  engine::Instance instance;
  engine::Connection control;
  Attachment attachment;
  std::unique_ptr<ParquetCatalog> files;
  std::unique_ptr<StagingPlace> staging;
  std::atomic<unsigned> sessions{0};
};

Database::Database(std::unique_ptr<State> state) : state_(std::move(state)) {}

Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Database Database::open(const DatabaseOptions& options, std::optional<engine::Instance> started) {
  const Dialect dialect = dialect_of(options);
  check_options(options, dialect);
  try {
    try {
      return Database(
          std::make_unique<State>(options, dialect, started ? *std::move(started) : start_instance(options)));
    } catch (const Error& error) {
      if (!options.create_database || options.read_only || !says_absent(error)) {
        throw;
      }
    }
    create_database(options, dialect);
    return Database(std::make_unique<State>(options, dialect, start_instance(options)));
  } catch (Error& error) {
    throw error.add_context("target " + std::string(dialect.path_prefix) + options.path);
  }
}

std::optional<Database> Database::open_existing(DatabaseOptions options, engine::Instance started) {
  options.read_only = true;
  const Dialect dialect = dialect_of(options);
  if (!target_is_there(dialect, options.path)) {
    check_options(options, dialect);
    check_storage_version(options, dialect, started);
    return std::nullopt;
  }
  try {
    return open(options, std::move(started));
  } catch (const Error& error) {
    // A service's database has to be there, unless it is to be made.
    if (says_absent(error) && (dialect.service.path.empty() || options.create_database)) {
      return std::nullopt;
    }
    throw;
  }
}

Session Database::connect() {
  return Session({.dialect = state_->dialect,
                  .on_statement = state_->options.on_statement,
                  .files = state_->files.get(),
                  .staging = state_->staging.get(),
                  .make_link = [state = state_.get()] { return state->link(); }});
}

const Dialect& Database::dialect() const {
  return state_->dialect;
}

void Database::set_memory_limit(std::uint64_t bytes) {
  if (state_->instance.is_borrowed()) {
    return;
  }
  run_statement(engine::Connection(state_->instance), "SET GLOBAL memory_limit = '" + std::to_string(bytes) + "B'");
}

void Database::keep_row_groups() {
  run_statement(engine::Connection(state_->instance), "SET GLOBAL max_vacuum_tasks = 0");
}

}  // namespace pg2duck::destination
