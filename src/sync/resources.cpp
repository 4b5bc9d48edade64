#include "sync/resources.hpp"

#include <algorithm>
#include <thread>

#include "base/machine.hpp"
#include "config/target.hpp"

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
  const config::Target target = options.instance != nullptr
                                    ? config::Target{.kind = config::TargetKind::kFile, .location = options.target}
                                    : config::parse_target(options.target);
  destination::DatabaseOptions database{.path = target.location,
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
                                        .batch_rows = options.batch_rows,
                                        .threads = resources.readers,
                                        .memory_limit_bytes = resources.memory_bytes};
  if (!options.sql_log.empty()) {
    database.on_statement = destination::log_statements_to(options.sql_log);
  }
  return database;
}

}  // namespace pg2duck::sync
