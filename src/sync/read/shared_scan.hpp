#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "source/read/page_reader.hpp"
#include "source/read/ranges.hpp"
#include "sync/plan/plan.hpp"
#include "sync/read/connection_pool.hpp"
#include "sync/read/rate_limit.hpp"

namespace pg2duck::sync {

/// Counters of one table's copy, written by reading threads and read by the progress display.
struct ScanCounters {
  std::atomic<std::uint64_t> rows{0};         ///< decoded
  std::atomic<std::uint64_t> bytes{0};        ///< received
  std::atomic<std::uint64_t> server_rows{0};  ///< counted by the server, of finished ranges
  std::atomic<std::uint64_t> heap_bytes{0};   ///< of finished ranges, as planned
  std::atomic<std::int64_t> read_ns{0};
  std::atomic<std::int64_t> decode_ns{0};
  std::atomic<std::int64_t> write_ns{0};
};

/// Finds a value that could not be decoded: of the row of `range` at `place`, its text by the SQL of `text`.
using ValueFinder = std::function<source::FoundValue(const source::ReadRange& range, const source::RowPlace& place,
                                                     const std::string& text)>;

/// What the values of one column have shown, over all of a table's readers.
struct ColumnFindings {
  types::ColumnProfile profile;
  std::uint64_t unrepresentable = 0;
};

/// What the readers of a table need of the run.
struct ScanEnvironment {
  ConnectionPool& pool;
  ValueFinder find_value;
  source::OutcomeFinder find_outcomes;
  std::optional<std::uint64_t> limit;
  RateLimit& rate_limit;
  std::stop_token stop;
  unsigned max_producers;
};

/// What the readers of one table share: the queue of its ranges, and what its values have shown.
///
/// @thread any, but `findings` when no reader is left
class SharedScan {
 public:
  /// @shape `job` and `counters` outlive this
  SharedScan(const TableJob& job, ScanEnvironment environment, ScanCounters& counters);

  [[nodiscard]] const TableJob& job() const { return job_; }

  [[nodiscard]] const ScanEnvironment& environment() const { return environment_; }

  [[nodiscard]] ScanCounters& counters() { return counters_; }

  /// The next range to read, or null when all are taken.
  const source::ReadRange* next_range();

  [[nodiscard]] bool all_taken() const { return next_.load() >= job_.ranges.size(); }

  /// Adds what one reader has found, one for each of the job's columns.
  void add_findings(const std::vector<ColumnFindings>& findings);

  [[nodiscard]] const std::vector<ColumnFindings>& findings() const { return findings_; }

  /// A value has shown that its column needs another type.
  void note_misfit() { has_misfit_ = true; }

  [[nodiscard]] bool has_misfit() const { return has_misfit_; }

 private:
  const TableJob& job_;
  ScanEnvironment environment_;
  ScanCounters& counters_;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> has_misfit_{false};
  std::mutex findings_mutex_;
  std::vector<ColumnFindings> findings_;  // guarded by findings_mutex_
};

}  // namespace pg2duck::sync
