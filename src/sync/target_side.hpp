#pragma once

#include <future>
#include <memory>
#include <string>

#include "config/options.hpp"
#include "destination/ledger/writer_lease.hpp"
#include "destination/session/database.hpp"
#include "destination/tables/contents.hpp"
#include "sync/plan/plan_inputs.hpp"

namespace pg2duck::sync {

/// The target of a run, open. Its end closes it.
struct TargetSide {
  std::unique_ptr<destination::Database> database;  ///< null only in a dry run on a target that is not there
  std::unique_ptr<destination::WriterLease> lease;  ///< where the dialect asks for one
  bool may_write = false;                           ///< no dry run, and no other run is in the way

  /// Before anything is published, dropped or recorded. A run that has lost the target to another one leaves it alone.
  /// @error Error(kConflict): it has; `may_write` is false then
  void confirm();
  /// Whatever little has changed, DuckDB's checkpoint would put the small row groups of the ledger together, and now
  /// and then those of a table that is changed: of the runs that only change tables, one in sixteen lets it.
  void put_off_vacuum(const TargetState& found);
};

/// What the target held when the run came.
struct FoundTarget {
  TargetState state;
  destination::Contents contents;
  std::size_t leftovers = 0;  ///< staged tables of a dead run, which were removed
};

/// Opens and reads the target of a run while the source answers.
///
/// DuckDB starts at once. A file that has content is opened and read at once as well: nobody notices that, should the
/// source turn out to be wrong. What leaves traces waits for `allow`.
///
/// @thread one caller; it has threads of its own, and ends when they have
class TargetOpening {
 public:
  /// @shape `options` outlive it
  TargetOpening(const config::CopyOptions& options, destination::DatabaseOptions wanted);
  TargetOpening(const TargetOpening&) = delete;
  TargetOpening& operator=(const TargetOpening&) = delete;
  ~TargetOpening() = default;

  /// The source is right: what is not being opened is opened now, and the run announces itself where the dialect asks
  /// for it. Waits until the target is open: one that cannot be written must fail before the source is locked.
  /// @shape what it returns outlives this
  /// @error why it cannot be opened; Error(kConflict) for another run
  TargetSide allow(const std::string& run_id);

  /// Waits until it has been read; what a dead run has staged there is dropped.
  /// @shape after `allow`, once, with what it returned
  /// @error what that ran into; Error(kConfig) when a later program wrote the ledger: `may_write` is false then
  FoundTarget wait(TargetSide& side);

 private:
  [[nodiscard]] std::unique_ptr<destination::Database> open(engine::Instance instance) const;

  const config::CopyOptions& options_;
  const destination::DatabaseOptions wanted_;
  const bool at_once_;                                 // opened and read before `allow`
  std::future<engine::Instance> instance_;             // where it is not
  std::unique_ptr<destination::Database> database_;    // until `allow` hands it out
  std::shared_future<destination::Database*> opened_;  // the same, where it is opened at once
  std::future<FoundTarget> found_;
};

}  // namespace pg2duck::sync
