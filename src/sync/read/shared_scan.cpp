#include "sync/read/shared_scan.hpp"

#include <utility>

namespace pg2duck::sync {

SharedScan::SharedScan(Reading reading, ScanEnvironment environment, ScanCounters& counters)
    : reading_(std::move(reading)),
      environment_(std::move(environment)),
      counters_(counters),
      findings_(reading_.columns.size()) {}

const source::ReadRange* SharedScan::next_range() {
  const std::size_t index = next_.fetch_add(1);
  if (index + 1 >= reading_.ranges.size()) {
    environment_.pool.wake();
  }
  return index < reading_.ranges.size() ? &reading_.ranges[index] : nullptr;
}

void SharedScan::add_findings(const std::vector<ColumnFindings>& findings) {
  const std::lock_guard lock(findings_mutex_);
  for (std::size_t i = 0; i < findings_.size(); ++i) {
    types::merge(findings_[i].profile, findings[i].profile);
    findings_[i].unrepresentable += findings[i].unrepresentable;
  }
}

}  // namespace pg2duck::sync
