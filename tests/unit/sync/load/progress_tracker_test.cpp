#include "sync/load/progress_tracker.hpp"

#include <atomic>
#include <condition_variable>
#include <optional>

#include <gtest/gtest.h>

#include "support/error_of.hpp"

namespace pg2duck::sync {
namespace {

/// Keeps the last report, and throws what the test wants it to.
class Heard : public Listener {
 public:
  void on_table_started(const TableName& /*table*/) override { throw_if(throws_at_start); }

  void on_table_finished(const TableReport& /*table*/) override { throw_if(throws_at_end); }

  void on_progress(const Progress& progress) override {
    const std::lock_guard lock(mutex_);
    last_ = progress;
    told_.notify_all();
    if (throws_at_progress) {
      throw 1;
    }
  }

  /// Waits for the next regular report.
  Progress next() {
    std::unique_lock lock(mutex_);
    last_.reset();
    told_.wait(lock, [this] { return last_.has_value(); });
    return *last_;
  }

  std::atomic<bool> throws_at_progress = false;
  bool throws_at_start = false;
  bool throws_at_end = false;

 private:
  static void throw_if(bool wanted) {
    if (wanted) {
      throw Error(ErrorKind::kBug, "the listener does not like it");
    }
  }

  std::mutex mutex_;
  std::condition_variable told_;
  std::optional<Progress> last_;  // guarded by mutex_
};

class ProgressTrackerTest : public testing::Test {
 protected:
  Heard heard_;
  ProgressTracker tracker_{heard_, 2, 100};
};

TEST_F(ProgressTrackerTest, CountsATableAsLongAsItRuns) {
  TableJob job;
  job.table.name = {.schema = "public", .name = "t"};
  job.table.leaves.emplace_back().heap_bytes = 50;
  ScanCounters counters;
  counters.rows = 7;
  counters.heap_bytes = 25;
  ProgressTracker::Counting counting(tracker_, job, counters);
  const Progress during = heard_.next();
  ASSERT_EQ(during.running.size(), 1U);
  EXPECT_EQ(during.running[0].table.name, "t");
  EXPECT_EQ(during.running[0].rows, 7U);
  EXPECT_EQ(during.fraction, 0.25);
  EXPECT_EQ(during.tables_done, 0U);
  counting.finish({});
  const Progress after = heard_.next();
  EXPECT_TRUE(after.running.empty());
  EXPECT_EQ(after.tables_done, 1U);
  EXPECT_EQ(after.rows, 7U);
  EXPECT_EQ(after.fraction, 0.5);
}

TEST_F(ProgressTrackerTest, ForgetsATableThatEndsWithoutAWord) {
  {
    const TableJob job;
    const ScanCounters counters;
    const ProgressTracker::Counting counting(tracker_, job, counters);
    EXPECT_EQ(heard_.next().running.size(), 1U);
  }
  const Progress after = heard_.next();
  EXPECT_TRUE(after.running.empty());
  EXPECT_EQ(after.tables_done, 0U);
}

TEST_F(ProgressTrackerTest, ForgetsATableWhoseStartTheListenerRefuses) {
  heard_.throws_at_start = true;
  test::error_of([this] {
    const TableJob job;
    const ScanCounters counters;
    const ProgressTracker::Counting counting(tracker_, job, counters);
  });
  EXPECT_TRUE(heard_.next().running.empty());
}

TEST_F(ProgressTrackerTest, ForgetsATableWhoseEndTheListenerRefuses) {
  heard_.throws_at_end = true;
  test::error_of([this] {
    const TableJob job;
    const ScanCounters counters;
    ProgressTracker::Counting counting(tracker_, job, counters);
    counting.finish({});
  });
  EXPECT_TRUE(heard_.next().running.empty());
}

TEST_F(ProgressTrackerTest, KeepsWhatTheListenerThrowsAtAReportForTheRun) {
  tracker_.rethrow_listener_failure();
  heard_.throws_at_progress = true;
  heard_.next();
  tracker_.stop();
  EXPECT_THROW(tracker_.rethrow_listener_failure(), int);
}

}  // namespace
}  // namespace pg2duck::sync
