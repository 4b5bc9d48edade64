#include "sync/read/rate_limit.hpp"

#include <algorithm>

namespace pg2duck::sync {

void RateLimit::pass(std::uint64_t bytes, const std::stop_token& stop) {
  if (bytes_per_second_ == 0) {
    return;
  }
  const auto duration = std::chrono::duration_cast<Clock::duration>(
      std::chrono::duration<double>(static_cast<double>(bytes) / static_cast<double>(bytes_per_second_)));
  std::unique_lock lock(mutex_);
  // What was not used in the past is not given later: a burst is what the limit is against.
  free_at_ = std::max(free_at_, Clock::now()) + duration;
  const Clock::time_point until = free_at_;
  stopped_.wait_until(lock, stop, until, [] { return false; });
}

}  // namespace pg2duck::sync
