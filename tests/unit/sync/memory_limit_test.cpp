#include "sync/load/memory_limit.hpp"

#include <gtest/gtest.h>

namespace pg2duck::sync {
namespace {

constexpr std::uint64_t kMegabyte = std::uint64_t{1} << 20;

TableJob job_of(double rows, std::uint64_t heap_bytes, std::uint64_t toast_bytes = 0, std::size_t columns = 1) {
  TableJob job;
  job.table.estimated_rows = rows;
  job.table.leaves = {{.heap_bytes = heap_bytes, .toast_bytes = toast_bytes}};
  job.columns.resize(columns);
  return job;
}

std::uint64_t memory_of(std::vector<TableJob> plan, unsigned tables_at_once = 1, unsigned threads = 1) {
  return estimate_memory(plan, tables_at_once, threads);
}

TEST(EstimateMemoryTest, IsBoundedHoweverManyRowsThereAre) {
  const std::uint64_t bytes_of_row = 166;
  const std::uint64_t one_million = memory_of({job_of(1e6, 1'000'000 * bytes_of_row, 0, 16)});
  const std::uint64_t billion = memory_of({job_of(1e9, 1'000'000'000 * bytes_of_row, 0, 16)});
  EXPECT_EQ(one_million, billion);
  EXPECT_GT(one_million, memory_of({}) + 122'880 * bytes_of_row);
  EXPECT_LT(one_million, memory_of({}) + 122'880 * bytes_of_row + 10 * kMegabyte);
}

TEST(EstimateMemoryTest, GrowsWithTheWidthOfRows) {
  EXPECT_GT(memory_of({job_of(1e6, 10'000 * kMegabyte)}),
            memory_of({job_of(1e6, 1000 * kMegabyte)}) + kMegabyte * 1000);
  EXPECT_GT(memory_of({job_of(1e6, kMegabyte, 1000 * kMegabyte)}), memory_of({job_of(1e6, 1001 * kMegabyte)}));
  EXPECT_GE(memory_of({job_of(1e6, 1000 * kMegabyte, 0, 1600)}),
            memory_of({job_of(1e6, 1000 * kMegabyte)}) + 50 * kMegabyte);
}

TEST(EstimateMemoryTest, CountsStagedTablesWhereTheyAreMany) {
  const auto tables = [](int count) {
    std::vector<TableJob> jobs;
    for (int i = 0; i < count; ++i) {
      jobs.push_back(job_of(10, 8192));
    }
    return memory_of(std::move(jobs));
  };
  EXPECT_EQ(tables(100), tables(50));
  EXPECT_EQ(tables(2100), tables(100) + 1000 * kMegabyte);
}

TEST(EstimateMemoryTest, CountsTheBiggestTablesInFlightAndEachThread) {
  const auto wide = [] { return job_of(1e6, 4000 * kMegabyte); };
  const auto small = [] { return job_of(10, 8192); };
  const std::uint64_t base = memory_of({});
  const std::uint64_t one = memory_of({wide(), small()}) - base;
  EXPECT_EQ(memory_of({small(), wide(), wide(), wide()}, 2, 1) - base, 2 * one);
  EXPECT_EQ(memory_of({small(), wide(), wide(), wide()}, 2, 3) - base, 6 * one);
  EXPECT_LT(memory_of({small()}, 8, 8), base + kMegabyte * 2);
}

TEST(EstimateMemoryTest, TakesTheWholeTableWhereItsRowsAreNotKnown) {
  EXPECT_GE(memory_of({job_of(-1, 100 * kMegabyte)}), memory_of({}) + 100 * kMegabyte);
  TableJob view;
  EXPECT_GE(memory_of({view}), memory_of({}) + 64 * kMegabyte);
}

TEST(EstimateMemoryTest, LeavesOutWhatIsRefused) {
  TableJob refused = job_of(1e6, 4000 * kMegabyte);
  refused.refusal = Error(ErrorKind::kPermission, "no");
  EXPECT_EQ(memory_of({refused}), memory_of({}));
}

}  // namespace
}  // namespace pg2duck::sync
