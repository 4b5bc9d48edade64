#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "destination/publish/publish.hpp"
#include "destination/session/database.hpp"
#include "sync/listener.hpp"

namespace pg2duck::sync {

/// Publishes a run, once, however often the target is lost meanwhile.
///
/// @thread one caller
class Publisher {
 public:
  /// The references must live longer than this.
  Publisher(destination::Database& database, Listener& listener, std::stop_token stop);

  /// Tries as often as the target's limits say; before each attempt `prepare` is called. When the reply to a COMMIT was
  /// lost, the ledger is asked before the next attempt.
  /// @return last_sync_time
  /// @error  as destination::publish; Error(kCancelled) when `stop` comes before the COMMIT; Error(kTransient) when the
  ///         target was lost and could not be asked since what it holds
  std::string publish(const destination::Publication& publication,
                      const std::function<void(destination::Session&)>& prepare);

  /// Whether the run is published although `publish` has thrown: a COMMIT was sent, and the ledger says so.
  bool was_published(destination::Session& session, const std::string& run_id) const;

 private:
  std::string attempt(const destination::Publication& publication,
                      const std::function<void(destination::Session&)>& prepare);

  destination::Database& database_;
  Listener& listener_;
  std::stop_token stop_;
  bool sent_ = false;  // a COMMIT
};

}  // namespace pg2duck::sync
