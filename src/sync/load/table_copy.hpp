#pragma once

#include <stop_token>

#include "destination/session/database.hpp"
#include "sync/load/progress_tracker.hpp"
#include "sync/plan/memory_plan.hpp"
#include "sync/plan/plan.hpp"
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

/// Stages one table: creates it, loads it, counts it, adds key and comments, takes the preview. Columns whose type
/// depends on their values get it here: from a sample first, and from all values if one does not fit; `job` says which.
/// Counts go to `report`, and where time was spent is added to `stages`, also when it fails.
/// @error what failed, with the table named; kCountMismatch when the counts differ
void stage_table(TableJob& job, CopyContext& context, TableReport& report, StageSeconds& stages);

}  // namespace pg2duck::sync
