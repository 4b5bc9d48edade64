#include "sync/load/memory_limit.hpp"

#include <algorithm>
#include <functional>

namespace pg2duck::sync {
namespace {

constexpr std::uint64_t kMegabyte = std::uint64_t{1} << 20;
/// Its catalog, statistics, a statement's own needs, and a margin. With it 2 threads load TPC-H's lineitem in 144 MB;
/// from 80 MB on DuckDB has written parts of its row groups to temporary files.
constexpr std::uint64_t kBase = 96 * kMegabyte;
constexpr double kRowsOfGroup = 122'880;
/// Each column of a row group has at least one block while it is written.
constexpr std::uint64_t kBlock = 262'144;
/// What a staged table holds until it is published; the base has room for the first hundred.
constexpr std::uint64_t kStagedTable = kMegabyte / 2;
constexpr std::size_t kTablesOfBase = 100;
/// TOAST is often compressed in Postgres, and never in a row group that is being built.
constexpr std::uint64_t kToastFactor = 4;
/// A view says nothing of its size.
constexpr std::uint64_t kUnknownRowGroup = 64 * kMegabyte;

std::uint64_t row_group_bytes(const TableJob& job) {
  const source::CatalogTable& table = job.table;
  if (table.leaves.empty()) {
    return kUnknownRowGroup;
  }
  std::uint64_t bytes = 0;
  for (const source::Leaf& leaf : table.leaves) {
    bytes += leaf.heap_bytes + leaf.toast_bytes * kToastFactor;
  }
  if (table.estimated_rows > kRowsOfGroup) {
    bytes = static_cast<std::uint64_t>(static_cast<double>(bytes) * (kRowsOfGroup / table.estimated_rows));
  }
  // Blocks are of no account where all of the table is less than they are.
  return bytes + std::min(bytes, selected(job.columns).size() * kBlock);
}

}  // namespace

std::uint64_t estimate_memory(const std::vector<TableJob>& plan, unsigned tables_at_once, unsigned threads) {
  std::vector<std::uint64_t> groups;
  for (const TableJob& job : plan) {
    if (!job.refusal) {
      groups.push_back(row_group_bytes(job));
    }
  }
  const std::size_t more_tables = groups.size() - std::min(groups.size(), kTablesOfBase);
  std::ranges::sort(groups, std::greater());
  groups.resize(std::min<std::size_t>(groups.size(), tables_at_once));
  std::uint64_t bytes = kBase + more_tables * kStagedTable;
  for (const std::uint64_t group : groups) {
    bytes += group * threads;
  }
  return bytes;
}

void MemoryLimit::lower(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  if (bytes < most_) {
    database_.set_memory_limit(bytes);
    lowered_ = true;
  }
}

void MemoryLimit::raise() {
  const std::lock_guard lock(mutex_);
  if (lowered_) {
    database_.set_memory_limit(most_);
    lowered_ = false;
  }
}

bool MemoryLimit::is_lowered() const {
  const std::lock_guard lock(mutex_);
  return lowered_;
}

}  // namespace pg2duck::sync
