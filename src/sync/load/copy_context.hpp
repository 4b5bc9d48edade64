#pragma once

#include <stop_token>

#include "config/options.hpp"
#include "destination/session/database.hpp"
#include "sync/load/memory_limit.hpp"
#include "sync/load/progress_tracker.hpp"
#include "sync/read/connection_pool.hpp"
#include "sync/read/coordinator.hpp"
#include "sync/read/rate_limit.hpp"

namespace pg2duck::sync {

/// What copying one table shares with the rest of the run.
struct CopyContext {
  const config::CopyOptions& options;
  destination::Database& database;
  Coordinator& coordinator;
  ConnectionPool& pool;
  RateLimit& rate_limit;
  MemoryLimit& memory_limit;
  ProgressTracker& progress;
  const types::TypeCatalog& types;
  unsigned jobs;
  std::stop_token stop;
};

}  // namespace pg2duck::sync
