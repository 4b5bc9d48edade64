#pragma once

#include <atomic>
#include <functional>
#include <stop_token>
#include <thread>

namespace pg2duck::cli {

/// Turns SIGINT and SIGTERM into a stop request. The first one asks the run to stop, a second one ends the
/// process at once. A signal that the parent has set to be ignored stays ignored. SIGPIPE becomes EPIPE.
///
/// @thread construct before any other thread starts: threads inherit the mask that is set here
class SignalWatcher {
 public:
  /// `on_first` is called once, from the watching thread, after stop was requested.
  explicit SignalWatcher(std::function<void(int signal)> on_first);
  SignalWatcher(const SignalWatcher&) = delete;
  SignalWatcher& operator=(const SignalWatcher&) = delete;
  ~SignalWatcher();

  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }

  /// The signal that came, or 0.
  [[nodiscard]] int caught() const { return caught_.load(); }

 private:
  void watch();

  std::function<void(int)> on_first_;
  std::stop_source stop_;
  std::atomic<int> caught_{0};
  std::atomic<bool> closing_{false};
  std::thread thread_;
};

}  // namespace pg2duck::cli
