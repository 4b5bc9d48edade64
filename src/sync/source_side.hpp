#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "source/catalog/survey.hpp"
#include "source/session/connection_info.hpp"
#include "sync/read/connection_pool.hpp"
#include "sync/read/coordinator.hpp"

namespace pg2duck::sync {

/// The source of a run: the session that holds the snapshot, and those that read at it. Its end ends them.
struct SourceSide {
  std::unique_ptr<Coordinator> coordinator;
  std::unique_ptr<ConnectionPool> pool;  ///< null: no rows will be read
  std::string snapshot_id;               ///< the coordinator's, known when that is gone; the others likewise
  std::string taken_at;                  ///< ISO 8601 with offset
  std::string lsn;

  /// Gives the sessions away: what stands here of the snapshot is all that is left of it.
  [[nodiscard]] SourceSide leave();
};

/// A source that has answered, before anything in it is locked.
///
/// @thread one caller
class SourceOpening {
 public:
  /// Connects and looks around. One of the `readers` sessions begins to open meanwhile; 0: no rows will be read.
  /// @error as source::Connection::open
  SourceOpening(const source::ConnectionInfo& info, unsigned readers, std::stop_token stop);

  [[nodiscard]] const source::Survey& survey() const { return survey_; }

  /// Locks `relations` and takes the snapshot.
  /// @error as source::Snapshot::take
  [[nodiscard]] SourceSide take_snapshot(const std::vector<source::RelationEntry>& relations) &&;

 private:
  source::Connection connection_;
  std::unique_ptr<ConnectionPool> pool_;
  source::Survey survey_;
};

}  // namespace pg2duck::sync
