#pragma once

#include <chrono>
#include <exception>
#include <list>
#include <mutex>
#include <thread>

#include "sync/listener.hpp"
#include "sync/plan/table_job.hpp"
#include "sync/read/shared_scan.hpp"

namespace pg2duck::sync {

/// Serialises calls to the listener and sends it the progress of the tables that run now.
class ProgressTracker {
 public:
  ProgressTracker(Listener& listener, std::size_t tables_total, std::uint64_t bytes_total);
  ~ProgressTracker();
  ProgressTracker(const ProgressTracker&) = delete;
  ProgressTracker& operator=(const ProgressTracker&) = delete;

  /// A table that is being counted, as long as this lives. Without `finish` nothing is said of its end.
  class Counting {
   public:
    /// Tells the listener that the table is started. All three must live longer than this.
    Counting(ProgressTracker& tracker, const TableJob& job, const ScanCounters& counters);
    ~Counting();
    Counting(const Counting&) = delete;
    Counting& operator=(const Counting&) = delete;

    /// Ends the counting, adds the table to those that are done and tells the listener. At most once.
    void finish(const TableReport& report);

   private:
    ProgressTracker& tracker_;
    const TableJob& job_;
    const ScanCounters& counters_;
  };

  /// Tells the listener something that the user should know.
  void notice(const std::string& text);
  /// Stops the regular reports.
  void stop();
  /// What the listener threw during a regular report, if it did. Call after `stop`.
  void rethrow_listener_failure();

 private:
  using Clock = std::chrono::steady_clock;

  struct Running {
    const TableJob* job = nullptr;
    const ScanCounters* counters = nullptr;
    Clock::time_point since;
  };

  void forget(const TableJob& job);
  Progress measure();

  Listener& listener_;
  std::mutex mutex_;
  std::list<Running> running_;  // guarded by mutex_
  Progress totals_;             // guarded by mutex_: finished tables only
  std::uint64_t bytes_total_;
  std::uint64_t bytes_done_ = 0;  // guarded by mutex_
  Clock::time_point started_ = Clock::now();
  std::exception_ptr listener_failure_;  // guarded by mutex_
  std::jthread ticker_;
};

}  // namespace pg2duck::sync
