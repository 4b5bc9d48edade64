#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/secret.hpp"
#include "config/options.hpp"
#include "config/target.hpp"
#include "destination/targets/dialect.hpp"
#include "destination/targets/statement_log.hpp"
#include "engine/instance.hpp"

namespace pg2duck::destination {

/// Everything that a target is opened with.
struct DatabaseOptions {
  std::string path;                      ///< the DuckDB file, or what stands behind the prefix of another target
  _duckdb_database* instance = nullptr;  ///< borrowed: `path` is the name of a database attached to it
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

/// What the user asks for, as far as it is about the target: threads, memory and log are left to the caller.
/// @error Error(kUsage) as config::parse_target
DatabaseOptions database_options(const config::CopyOptions& options);

/// The dialect of the target, with what the options change about it.
Dialect dialect_of(const DatabaseOptions& options);

/// @error Error(kUsage) when they ask for what the dialect does not support
void check_options(const DatabaseOptions& options, const Dialect& dialect);

/// Nobody notices when the target is opened: it is a file of this machine that holds something already.
bool opens_without_trace(const DatabaseOptions& options);

/// The instance that is borrowed, or one as they want it: threads, memory, nothing downloaded.
/// @error Error(kDestination)
engine::Instance start_instance(const DatabaseOptions& options);

}  // namespace pg2duck::destination
