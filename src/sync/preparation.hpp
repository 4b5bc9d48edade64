#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "config/options.hpp"
#include "destination/ledger/writer_lease.hpp"
#include "destination/targets/database.hpp"
#include "source/session/connection_info.hpp"
#include "sync/listener.hpp"
#include "sync/load/table_copy.hpp"
#include "sync/plan/plan.hpp"
#include "sync/plan/selection.hpp"
#include "sync/read/connection_pool.hpp"

namespace pg2duck::sync {

/// All that stands before the first row is read: both ends open, snapshot taken, plan made.
struct Preparation {
  source::ConnectionInfo info;
  unsigned jobs = 2;
  std::uint64_t memory_bytes = 0;                   ///< that DuckDB may use at the most
  std::optional<destination::Database> database;    ///< unset only in a dry run on a target that is not there
  std::string run_id;                               ///< given
  std::unique_ptr<destination::WriterLease> lease;  ///< where the dialect asks for one
  bool may_write = false;                           ///< the source is right, and no other run is in the way
  std::unique_ptr<Coordinator> coordinator;
  std::string snapshot_id;                       ///< the coordinator's, known when that is gone
  std::string lsn;                               ///< likewise
  std::vector<source::RelationEntry> relations;  ///< what the snapshot holds locks on
  std::unique_ptr<ConnectionPool> pool;          ///< unset in a dry run
  TargetState target;                            ///< as the run found it
  types::TypeCatalog types;                      ///< of all columns in the plan
  std::vector<TableJob> plan;                    ///< biggest first
  std::vector<TableReport> unreadable;           ///< selected, but cannot be read (--on-error skip)
  std::vector<GoneTable> gone;                   ///< copied once, and not there any more
};

/// Connects, selects, locks, takes the snapshot and plans. Fills `preparation` step by step, so that what is
/// there can be cleaned up when a later step throws.
/// @error whatever stops the run before its first row: connection, rights, names, locks, target
void prepare(const config::CopyOptions& options, Listener& listener, std::stop_token stop, Preparation& preparation);

/// The error that ends an `--on-error abort` run when tables are refused: the first refusal, and how many more.
std::optional<Error> first_refusal(const std::vector<TableJob>& plan);

}  // namespace pg2duck::sync
