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
#include "sync/read/connection_pool.hpp"
#include "sync/read/rate_limit.hpp"
#include "sync/read/reading.hpp"

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

/// What a scan shares with the rest of the run.
struct ScanEnvironment {
  ConnectionPool& pool;
  ValueFinder find_value;
  source::OutcomeFinder find_outcomes;
  std::optional<std::uint64_t> limit;
  RateLimit& rate_limit;
  std::stop_token stop;
  unsigned max_producers;
};

/// What the readers of one scan share: the queue of its ranges, and what they find.
///
/// @thread any
class SharedScan {
 public:
  /// @pre `counters` outlives this
  SharedScan(Reading reading, ScanEnvironment environment, ScanCounters& counters);

  [[nodiscard]] const Reading& reading() const { return reading_; }

  [[nodiscard]] const ScanEnvironment& environment() const { return environment_; }

  [[nodiscard]] ScanCounters& counters() { return counters_; }

  /// The next range to read, or null when all are taken.
  const source::ReadRange* next_range();

  [[nodiscard]] bool all_taken() const { return next_.load() >= reading_.ranges.size(); }

  void add_findings(const std::vector<ColumnFindings>& findings);

  /// One for each column of the reading. Call when no reader is left.
  [[nodiscard]] const std::vector<ColumnFindings>& findings() const { return findings_; }

  /// A value has shown that its column needs another type: the table must be loaded again.
  void note_misfit() { has_misfit_ = true; }

  [[nodiscard]] bool has_misfit() const { return has_misfit_; }

 private:
  const Reading reading_;
  const ScanEnvironment environment_;
  ScanCounters& counters_;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> has_misfit_{false};
  std::mutex findings_mutex_;
  std::vector<ColumnFindings> findings_;  // guarded by findings_mutex_
};

}  // namespace pg2duck::sync
