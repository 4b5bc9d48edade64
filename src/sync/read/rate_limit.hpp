#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <stop_token>

namespace pg2duck::sync {

/// Holds all readers of a run together to so many bytes a second. A reader that waits does not take bytes from its
/// connection, and soon the server does not send any.
///
/// @thread any
class RateLimit {
 public:
  /// 0: no limit.
  explicit RateLimit(std::uint64_t bytes_per_second) : bytes_per_second_(bytes_per_second) {}

  /// Call after `bytes` have been taken: returns when the next ones may be, or on a stop.
  void pass(std::uint64_t bytes, const std::stop_token& stop);

 private:
  using Clock = std::chrono::steady_clock;

  const std::uint64_t bytes_per_second_;
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  Clock::time_point free_at_ = Clock::now();  // guarded by mutex_
};

}  // namespace pg2duck::sync
