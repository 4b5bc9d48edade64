#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace pg2duck {

/// Waits that double from `first` up to `longest`.
///
/// @thread one caller
class BackOff {
 public:
  BackOff(std::chrono::milliseconds first, std::chrono::milliseconds longest) : next_(first), longest_(longest) {}

  /// @return false when `stop` was requested meanwhile
  bool wait(const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any woken;
    std::unique_lock lock(mutex);
    woken.wait_for(lock, stop, next_, [] { return false; });
    next_ = std::min(2 * next_, longest_);
    return !stop.stop_requested();
  }

 private:
  std::chrono::milliseconds next_;
  std::chrono::milliseconds longest_;
};

}  // namespace pg2duck
