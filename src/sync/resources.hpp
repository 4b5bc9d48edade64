#pragma once

#include <cstdint>

#include "config/options.hpp"
#include "destination/session/database.hpp"

namespace pg2duck::sync {

/// How much of the machine and of the source a run takes.
struct Resources {
  unsigned readers = 2;            ///< connections to Postgres that read at once, and threads of DuckDB
  std::uint64_t memory_bytes = 0;  ///< that DuckDB may use at the most
};

/// As the options say, or as suits this machine.
Resources resources_for(const config::CopyOptions& options);

/// How the target of `options` is opened.
/// @error Error(kConfig): it names no target
destination::DatabaseOptions database_options(const config::CopyOptions& options, const Resources& resources);

}  // namespace pg2duck::sync
