#include "sync/resources.hpp"

#include <algorithm>
#include <thread>

#include "base/machine.hpp"

namespace pg2duck::sync {
namespace {

constexpr unsigned kMaxDefaultReaders = 8;

unsigned readers_for(const config::CopyOptions& options) {
  if (options.jobs > 0) {
    return options.jobs;
  }
  return options.read == config::ReadMethod::kGentle
             ? 1
             : std::clamp(std::thread::hardware_concurrency(), 2U, kMaxDefaultReaders);
}

}  // namespace

Resources resources_for(const config::CopyOptions& options) {
  return {.readers = readers_for(options),
          .memory_bytes = options.memory_limit_bytes > 0 ? options.memory_limit_bytes : available_memory_bytes() / 2};
}

destination::DatabaseOptions database_options(const config::CopyOptions& options, const Resources& resources) {
  destination::DatabaseOptions database = destination::database_options(options);
  database.threads = resources.readers;
  database.memory_limit_bytes = resources.memory_bytes;
  if (!options.sql_log.empty()) {
    database.on_statement = destination::log_statements_to(options.sql_log);
  }
  return database;
}

}  // namespace pg2duck::sync
