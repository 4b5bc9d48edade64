#include "base/retry.hpp"

#include <condition_variable>
#include <mutex>

namespace pg2duck {

bool wait_for(std::chrono::milliseconds time, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any woken;
  std::unique_lock lock(mutex);
  woken.wait_for(lock, stop, time, [] { return false; });
  return !stop.stop_requested();
}

bool is_transient(const Error& error) {
  return error.kind() == ErrorKind::kTransient;
}

}  // namespace pg2duck
