#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sync/report.hpp"

namespace pg2duck::sync {

/// Steps of a run, in order.
enum class Phase {
  kConnecting,    ///< to source and target
  kLocking,       ///< waiting for table locks, taking the snapshot
  kPlanned,       ///< plan ready; nothing staged yet
  kMigrating,     ///< the ledger of an earlier version is about to be committed in today's form
  kLoading,       ///< the first table is about to be staged
  kLoaded,        ///< all tables staged and counted
  kBeforeCommit,  ///< the publishing transaction is ready to commit
  kPublished,     ///< it has committed
};

/// Counters of a table that is being copied. A snapshot of moving values.
struct TableProgress {
  TableName table;  ///< source name
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;  ///< received
  double fraction = 0;      ///< of the work done, 0-1, a guess by size
  double seconds = 0;       ///< since the table was started
};

/// The whole run at one moment.
struct Progress {
  std::vector<TableProgress> running;
  std::size_t tables_done = 0;
  std::size_t tables_total = 0;
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  double fraction = 0;
  double seconds = 0;
};

/// Hears what a run does. The library prints nothing itself.
///
/// @thread calls come from one thread at a time (a lock is held around each), but from changing threads.
///         An exception leaves the run as its failure.
class Listener {
 public:
  Listener() = default;
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  virtual ~Listener() = default;

  virtual void on_phase(Phase /*phase*/) {}

  virtual void on_plan(const std::vector<TablePlan>& /*plan*/) {}

  /// About five times a second while tables load.
  virtual void on_progress(const Progress& /*progress*/) {}

  virtual void on_table_started(const TableName& /*table*/) {}

  /// Staged and counted, or refused or failed. Not published yet.
  virtual void on_table_finished(const TableReport& /*table*/) {}

  /// Something that the user should know, e.g. leftovers of a dead run were removed.
  virtual void on_notice(const std::string& /*text*/) {}
};

}  // namespace pg2duck::sync
