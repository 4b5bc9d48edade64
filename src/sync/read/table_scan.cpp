#include "sync/read/table_scan.hpp"

#include <algorithm>
#include <utility>

#include "sync/read/range_producer.hpp"

namespace pg2duck::sync {
namespace {

// A guess for tables that were never analysed; only DuckDB's planner sees it.
constexpr std::uint64_t kGuessedRowBytes = 100;

}  // namespace

TableScan::TableScan(const TableJob& job, Environment environment, ScanCounters& counters)
    : job_(job), environment_(std::move(environment)), counters_(counters), findings_(job.columns.size()) {}

std::unique_ptr<destination::ChunkProducer> TableScan::make_producer() {
  if (all_taken()) {
    return nullptr;
  }
  return std::make_unique<RangeProducer>(*this);
}

unsigned TableScan::max_producers() const {
  const auto ranges = static_cast<unsigned>(std::min<std::size_t>(job_.ranges.size(), environment_.max_producers));
  return std::max(1U, ranges);
}

std::uint64_t TableScan::expected_rows() const {
  const std::uint64_t rows = job_.table.estimated_rows >= 0 ? static_cast<std::uint64_t>(job_.table.estimated_rows)
                                                            : job_.plan.bytes / kGuessedRowBytes;
  return std::min(rows, environment_.limit.value_or(rows));
}

void TableScan::add_findings(const std::vector<ColumnFindings>& findings) {
  const std::lock_guard lock(findings_mutex_);
  for (std::size_t i = 0; i < findings_.size(); ++i) {
    types::merge(findings_[i].profile, findings[i].profile);
    findings_[i].unrepresentable += findings[i].unrepresentable;
  }
}

const source::ReadRange* TableScan::next_range() {
  const std::size_t index = next_.fetch_add(1);
  if (index + 1 >= job_.ranges.size()) {
    environment_.pool.wake();
  }
  return index < job_.ranges.size() ? &job_.ranges[index] : nullptr;
}

}  // namespace pg2duck::sync
