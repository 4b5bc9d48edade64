#include "sync/read/table_scan.hpp"

#include <algorithm>
#include <utility>

#include "sync/read/range_producer.hpp"

namespace pg2duck::sync {
namespace {

// A guess for tables that were never analysed; only DuckDB's planner sees it.
constexpr std::uint64_t kGuessedRowBytes = 100;

std::uint64_t guess_rows(const Reading& reading) {
  return reading.estimated_rows >= 0 ? static_cast<std::uint64_t>(reading.estimated_rows)
                                     : reading.bytes / kGuessedRowBytes;
}

}  // namespace

TableScan::TableScan(Reading reading, ScanEnvironment environment, ScanCounters& counters)
    : scan_(std::move(reading), std::move(environment), counters) {}

std::unique_ptr<engine::ChunkProducer> TableScan::make_producer() {
  if (scan_.all_taken()) {
    return nullptr;
  }
  return std::make_unique<RangeProducer>(scan_);
}

unsigned TableScan::max_producers() const {
  const std::size_t ranges = scan_.reading().ranges.size();
  return std::max(1U, static_cast<unsigned>(std::min<std::size_t>(ranges, scan_.environment().max_producers)));
}

std::uint64_t TableScan::expected_rows() const {
  const std::uint64_t rows = guess_rows(scan_.reading());
  return std::min(rows, scan_.environment().limit.value_or(rows));
}

}  // namespace pg2duck::sync
