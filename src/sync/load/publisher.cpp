#include "sync/load/publisher.hpp"

#include <utility>

#include "base/identifier.hpp"
#include "base/retry.hpp"

namespace pg2duck::sync {
namespace {

Error interrupted() {
  return {ErrorKind::kCancelled, "interrupted: nothing was published"};
}

/// The reply to the COMMIT was lost, and the target could not be asked since.
Error unknown_outcome(const Error& error, const std::string& run_id) {
  return Error(ErrorKind::kTransient,
               "the target was lost while it published, so the new tables may stand there or the old ones, never a "
               "part: " +
                   error.message())
      .set_hint("ask it: SELECT status FROM _pg2duck.runs WHERE run_id = " + quote_literal(run_id) +
                "; or run again, which does no harm");
}

}  // namespace

Publisher::Publisher(destination::Database& database, Listener& listener, std::stop_token stop)
    : database_(database), listener_(listener), stop_(std::move(stop)) {}

std::string Publisher::publish(const destination::Publication& publication,
                               const std::function<void(destination::Session&)>& prepare) {
  Attempts attempts(database_.dialect().limits.retry);
  while (true) {
    try {
      return attempt(publication, prepare);
    } catch (const Error& error) {
      if (!attempts.may_follow(error)) {
        throw sent_ && error.kind() == ErrorKind::kTransient ? unknown_outcome(error, publication.run.run_id)
                                                             : Error(error);
      }
      listener_.on_notice(std::string("publishing: ") + error.what() + "; it is tried again");
    }
    if (!attempts.wait(stop_)) {
      throw interrupted();
    }
  }
}

std::string Publisher::attempt(const destination::Publication& publication,
                               const std::function<void(destination::Session&)>& prepare) {
  destination::Session session = database_.connect();
  if (was_published(session, publication.run.run_id)) {
    return destination::read_last_sync_time(session, publication.last_sync_schema);
  }
  prepare(session);
  return destination::publish(session, publication, [this] {
    listener_.on_phase(Phase::kBeforeCommit);
    if (stop_.stop_requested()) {
      throw interrupted();
    }
    sent_ = true;
  });
}

bool Publisher::was_published(destination::Session& session, const std::string& run_id) const {
  return sent_ && destination::was_published(session, run_id);
}

}  // namespace pg2duck::sync
