#include "sync/load/progress_tracker.hpp"

#include <algorithm>
#include <condition_variable>

namespace pg2duck::sync {
namespace {

constexpr std::chrono::milliseconds kTick{200};

double seconds_between(std::chrono::steady_clock::time_point from, std::chrono::steady_clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

/// Of the table's work: by rows where the server has an estimate, else by finished ranges.
double fraction_done(const TableJob& job, const ScanCounters& counters) {
  const auto rows = static_cast<double>(counters.rows.load());
  if (job.table.estimated_rows > 0) {
    return std::min(1.0, rows / job.table.estimated_rows);
  }
  return bytes_of(job.table) == 0
             ? 0.0
             : static_cast<double>(counters.heap_bytes.load()) / static_cast<double>(bytes_of(job.table));
}

}  // namespace

ProgressTracker::ProgressTracker(Listener& listener, std::size_t tables_total, std::uint64_t bytes_total)
    : listener_(listener), bytes_total_(bytes_total) {
  totals_.tables_total = tables_total;
  ticker_ = std::jthread([this](const std::stop_token& stop) {
    std::mutex pause_mutex;
    std::condition_variable_any pause;
    std::unique_lock lock(pause_mutex);
    while (!pause.wait_for(lock, stop, kTick, [&] { return stop.stop_requested(); })) {
      const std::lock_guard guard(mutex_);
      try {
        listener_.on_progress(measure());
      } catch (...) {
        listener_failure_ = std::current_exception();
        return;
      }
    }
  });
}

ProgressTracker::~ProgressTracker() {
  stop();
}

void ProgressTracker::stop() {
  ticker_.request_stop();
  if (ticker_.joinable()) {
    ticker_.join();
  }
}

ProgressTracker::Counting::Counting(ProgressTracker& tracker, const TableJob& job, const ScanCounters& counters)
    : tracker_(tracker), job_(job), counters_(counters) {
  const std::lock_guard lock(tracker_.mutex_);
  tracker_.listener_.on_table_started(job.table.name);
  // Last, as there is no destructor when the listener throws.
  tracker_.running_.push_back({&job, &counters, Clock::now()});
}

ProgressTracker::Counting::~Counting() {
  const std::lock_guard lock(tracker_.mutex_);
  tracker_.forget(job_);
}

void ProgressTracker::Counting::finish(const TableReport& report) {
  const std::lock_guard lock(tracker_.mutex_);
  tracker_.forget(job_);
  ++tracker_.totals_.tables_done;
  tracker_.totals_.rows += counters_.rows;
  tracker_.totals_.bytes += counters_.bytes;
  tracker_.bytes_done_ += bytes_of(job_.table);
  tracker_.listener_.on_table_finished(report);
}

/// Holds `mutex_` already.
void ProgressTracker::forget(const TableJob& job) {
  running_.remove_if([&](const Running& running) { return running.job == &job; });
}

void ProgressTracker::notice(const std::string& text) {
  const std::lock_guard lock(mutex_);
  listener_.on_notice(text);
}

void ProgressTracker::rethrow_listener_failure() {
  if (listener_failure_) {
    std::rethrow_exception(listener_failure_);
  }
}

Progress ProgressTracker::measure() {
  Progress progress = totals_;
  const auto now = Clock::now();
  double done = static_cast<double>(bytes_done_);
  for (const Running& running : running_) {
    TableProgress table{.table = running.job->table.name,
                        .rows = running.counters->rows,
                        .bytes = running.counters->bytes,
                        .fraction = fraction_done(*running.job, *running.counters),
                        .seconds = seconds_between(running.since, now)};
    done += table.fraction * static_cast<double>(bytes_of(running.job->table));
    progress.rows += table.rows;
    progress.bytes += table.bytes;
    progress.running.push_back(std::move(table));
  }
  progress.fraction = bytes_total_ == 0 ? 0.0 : std::min(1.0, done / static_cast<double>(bytes_total_));
  progress.seconds = seconds_between(started_, now);
  return progress;
}

}  // namespace pg2duck::sync
