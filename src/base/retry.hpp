#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

#include "base/error.hpp"

namespace pg2duck {

/// How often something is tried that can fail for a moment, and how long is waited in between.
struct RetryPolicy {
  unsigned attempts = 1;
  std::chrono::milliseconds first_wait{0};  ///< before the second attempt; it doubles up to
  std::chrono::milliseconds longest_wait{0};
};

/// The attempts at one piece of work, by a policy.
///
/// @thread one caller
class Attempts {
 public:
  explicit Attempts(const RetryPolicy& policy) : policy_(policy), next_wait_(policy.first_wait) {}

  /// Whether an attempt that ended with `error` may be followed by another one: it was a failure of a moment
  /// (ErrorKind::kTransient), and there have not been enough of them.
  [[nodiscard]] bool may_follow(const Error& error) const {
    return error.kind() == ErrorKind::kTransient && made_ < policy_.attempts;
  }

  /// Waits before the next attempt.
  /// @return false when `stop` was requested meanwhile
  bool wait(const std::stop_token& stop = {}) {
    std::mutex mutex;
    std::condition_variable_any woken;
    std::unique_lock lock(mutex);
    woken.wait_for(lock, stop, next_wait_, [] { return false; });
    next_wait_ = std::min(2 * next_wait_, policy_.longest_wait);
    ++made_;
    return !stop.stop_requested();
  }

 private:
  RetryPolicy policy_;
  std::chrono::milliseconds next_wait_;
  unsigned made_ = 1;
};

}  // namespace pg2duck
