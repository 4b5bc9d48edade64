#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>

#include "destination/bulk_load.hpp"
#include "sync/connection_pool.hpp"
#include "sync/plan.hpp"

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

/// Finds the ctid of a row that could not be decoded; empty when it cannot be found.
using CtidFinder = std::function<std::string(const source::ReadRange& range, std::uint64_t ordinal)>;

/// One table as a source of chunks: producers share its queue of ranges and the run's connections.
class TableScan : public destination::ChunkSource {
 public:
  struct Environment {
    ConnectionPool& pool;
    CtidFinder find_ctid;
    std::optional<std::uint64_t> limit;
    std::stop_token stop;
    unsigned max_producers;
  };

  TableScan(const TableJob& job, Environment environment, ScanCounters& counters);

  std::unique_ptr<destination::ChunkProducer> make_producer() override;
  [[nodiscard]] unsigned max_producers() const override;
  [[nodiscard]] std::uint64_t expected_rows() const override;

 private:
  friend class RangeProducer;

  /// The next range to read, or null when all are taken.
  const source::ReadRange* next_range();

  [[nodiscard]] bool all_taken() const { return next_.load() >= job_.ranges.size(); }

  const TableJob& job_;
  Environment environment_;
  ScanCounters& counters_;
  std::atomic<std::size_t> next_{0};
};

}  // namespace pg2duck::sync
