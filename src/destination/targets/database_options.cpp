#include "destination/targets/database_options.hpp"

#include <atomic>
#include <filesystem>
#include <unistd.h>

#include "destination/targets/store_errors.hpp"

namespace pg2duck::destination {
namespace {

/// Where DuckDB spills what does not fit into memory; an instance in memory would do it in the working directory. Each
/// has a place of its own: two would write into each other's files.
std::string spill_directory(const DatabaseOptions& options) {
  if (dialect_of(options).supports.file_locks) {
    return options.path + ".tmp";
  }
  static std::atomic<unsigned> instances{0};
  const std::string name = "pg2duck_" + std::to_string(getpid()) + "_" + std::to_string(++instances) + ".tmp";
  return (std::filesystem::temp_directory_path() / name).string();
}

Error usage(const char* message, const char* hint) {
  return Error(ErrorKind::kUsage, message).set_hint(hint);
}

}  // namespace

DatabaseOptions database_options(const config::CopyOptions& options) {
  const bool borrowed = options.instance != nullptr;
  const config::Target target = borrowed ? config::Target{} : config::parse_target(options.target);
  return {.path = borrowed ? options.target : target.location,
          .instance = options.instance,
          .kind = target.kind,
          .profile = options.profile,
          .token = options.target_token,
          .extension_directory = options.extension_directory,
          .create_database = options.create_database,
          .storage_version = options.storage_version,
          .data_path = options.data_path,
          .stage = options.stage,
          .object_stores = options.object_stores,
          .batch_rows = options.batch_rows};
}

Dialect dialect_of(const DatabaseOptions& options) {
  Dialect dialect =
      options.instance != nullptr ? borrowed_dialect(options.profile) : dialect_of(options.kind, options.profile);
  if (options.batch_rows > 0) {
    dialect.limits.batch_rows = options.batch_rows;
  }
  if (options.session_age.count() > 0) {
    dialect.limits.session_age = options.session_age;
  }
  if (dialect.rows_in_files) {
    dialect.errors = object_store_errors(options.path);
  }
  return dialect;
}

void check_options(const DatabaseOptions& options, const Dialect& dialect) {
  if (dialect.supports.file_locks && (options.path.empty() || options.path == ":memory:")) {
    throw usage("the target must be a file", "name one, like copy.duckdb");
  }
  if (!options.data_path.empty() && !dialect.supports.data_path) {
    throw usage("only a lake keeps its files at a data path", "leave --data-path out");
  }
  if (!options.storage_version.empty() && !dialect.supports.file_locks) {
    throw usage("only a target that is a DuckDB file has a storage version", "leave --storage-version out");
  }
  if (!options.stage.empty() && dialect.rows_in_files) {
    throw usage("a target of Parquet files needs no files on the way to it", "leave --stage out");
  }
  if (!options.stage.empty() && options.instance != nullptr) {
    throw usage("a borrowed instance takes no files on the way", "leave stage out");
  }
  if (options.create_database && dialect.service.path.empty()) {
    throw usage("only MotherDuck's databases are created by --create-database",
                "leave it out: files and lakes are created when absent");
  }
}

bool opens_without_trace(const DatabaseOptions& options) {
  std::error_code absent;
  return dialect_of(options).supports.file_locks && std::filesystem::file_size(options.path, absent) > 0 && !absent;
}

engine::Instance start_instance(const DatabaseOptions& options) {
  if (options.instance != nullptr) {
    return engine::Instance::borrow(options.instance);
  }
  return engine::Instance::start({.threads = options.threads,
                                  .memory_limit_bytes = options.memory_limit_bytes,
                                  .temp_directory = spill_directory(options)});
}

}  // namespace pg2duck::destination
