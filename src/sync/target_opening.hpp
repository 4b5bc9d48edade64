#pragma once

#include <future>

#include "config/options.hpp"
#include "destination/tables/contents.hpp"
#include "destination/targets/database.hpp"
#include "sync/preparation.hpp"

namespace pg2duck::sync {

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
  /// Fills the database of `preparation`, which nobody looks at before `allow`.
  /// @shape the arguments outlive it
  TargetOpening(const config::CopyOptions& options, const destination::DatabaseOptions& wanted,
                Preparation& preparation);
  TargetOpening(const TargetOpening&) = delete;
  TargetOpening& operator=(const TargetOpening&) = delete;
  ~TargetOpening() = default;

  /// The source is right: what is not being opened is opened now, and the run announces itself where the dialect asks
  /// for it. Waits until the target is open: one that cannot be written must fail before the source is locked.
  /// @error why it cannot be opened; Error(kConflict) for another run
  void allow();

  /// Waits until it has been read. @error what that ran into
  FoundTarget wait();

 private:
  void open(destination::Instance instance);
  FoundTarget read(bool may_clean);

  const config::CopyOptions& options_;
  const destination::DatabaseOptions& wanted_;
  Preparation& preparation_;
  bool at_once_;                                 // opened and read before `allow`
  std::future<destination::Instance> instance_;  // where it is not
  std::shared_future<void> opened_;              // where it is
  std::future<FoundTarget> found_;
};

}  // namespace pg2duck::sync
