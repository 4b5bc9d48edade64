#pragma once

#include <mutex>
#include <stop_token>

#include "destination/targets/database.hpp"
#include "source/read/snapshot.hpp"
#include "sync/load/progress_tracker.hpp"
#include "sync/plan/memory_plan.hpp"
#include "sync/plan/plan.hpp"
#include "sync/read/connection_pool.hpp"
#include "sync/read/rate_limit.hpp"

namespace pg2duck::sync {

/// The snapshot's own session, for the few questions that workers ask it.
struct Coordinator {
  explicit Coordinator(source::Snapshot taken) : snapshot(std::move(taken)) {}

  source::Snapshot snapshot;
  std::mutex mutex;  ///< held while the session is used
};

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
/// Times and counts go to `report`; `stages` is added to under the coordinator's mutex.
/// @error what failed, with the table named; kCountMismatch when the counts differ
void stage_table(TableJob& job, CopyContext& context, TableReport& report, StageSeconds& stages);

}  // namespace pg2duck::sync
