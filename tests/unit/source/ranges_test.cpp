#include "source/read/ranges.hpp"

#include <random>

#include <gmock/gmock.h>

namespace pg2duck::source {
namespace {

constexpr std::uint64_t kMegabyte = std::uint64_t{1} << 20;

CatalogTable table_of(const std::vector<std::pair<std::uint64_t, std::uint64_t>>& sizes) {
  CatalogTable table;
  table.name = {"public", "t"};
  for (const auto& [heap, toast] : sizes) {
    Leaf leaf;
    leaf.name = {"public", sizes.size() == 1 ? "t" : "t_" + std::to_string(table.leaves.size())};
    leaf.heap_bytes = heap;
    leaf.toast_bytes = toast;
    table.leaves.push_back(leaf);
  }
  if (sizes.size() > 1) {
    table.kind = RelationKind::kPartitioned;
  }
  return table;
}

/// Each leaf's blocks are covered once, in order, the last range open; bytes add up.
void expect_exact_cover(const CatalogTable& table, const std::vector<ReadRange>& ranges) {
  std::size_t at = 0;
  for (const Leaf& leaf : table.leaves) {
    std::uint64_t next = 0;
    std::uint64_t bytes = 0;
    bool open = false;
    for (; at < ranges.size() && ranges[at].relation == leaf.name; ++at) {
      const ReadRange& range = ranges[at];
      ASSERT_FALSE(open);
      ASSERT_TRUE(range.only);
      ASSERT_EQ(range.first_block, next);
      open = !range.end_block;
      if (range.end_block) {
        ASSERT_GT(*range.end_block, next);
        ASSERT_LT(*range.end_block * 8192, leaf.heap_bytes);
        next = *range.end_block;
      }
      bytes += range.bytes;
    }
    ASSERT_TRUE(open);
    ASSERT_EQ(bytes, leaf.heap_bytes + leaf.toast_bytes);
  }
  ASSERT_EQ(at, ranges.size());
}

TEST(SplitRanges, CoversEveryBlockOnce) {
  std::mt19937_64 random(20260101);
  std::uniform_int_distribution<int> exponent(0, 42);
  std::uniform_int_distribution<std::size_t> leaves(1, 12);
  for (int round = 0; round < 500; ++round) {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> sizes(leaves(random));
    for (auto& [heap, toast] : sizes) {
      heap = random() % ((std::uint64_t{1} << exponent(random)) + 1);
      toast = random() % 3 == 0 ? random() % ((std::uint64_t{1} << exponent(random)) + 1) : 0;
      heap = std::min(heap, std::uint64_t{1} << 40);
    }
    const CatalogTable table = table_of(sizes);
    RangeOptions options;
    options.readers = static_cast<unsigned>(random() % 64);
    expect_exact_cover(table, split_ranges(table, options));
    if (testing::Test::HasFatalFailure()) {
      return;
    }
  }
}

TEST(SplitRanges, SizesAreBoundedAndShrink) {
  const auto ranges = split_ranges(table_of({{4000 * kMegabyte, 6000 * kMegabyte}}), {});
  EXPECT_GT(ranges.size(), 78U);
  for (const ReadRange& range : ranges) {
    EXPECT_LE(range.bytes, 129 * kMegabyte);
    EXPECT_GE(range.bytes, 4 * kMegabyte);
  }
  EXPECT_GE(ranges.front().bytes, 127 * kMegabyte);
  EXPECT_LE(ranges.back().bytes, 16 * kMegabyte);
}

TEST(SplitRanges, SmallTableIsOneRange) {
  EXPECT_EQ(split_ranges(table_of({{0, 0}}), {}).size(), 1U);
  EXPECT_EQ(split_ranges(table_of({{8192, 0}}), {}).size(), 1U);
  EXPECT_EQ(split_ranges(table_of({{15 * kMegabyte, 0}}), {}).size(), 1U);
  // One block cannot be split, however much toast hangs on it.
  EXPECT_EQ(split_ranges(table_of({{8192, 1000 * kMegabyte}}), {}).size(), 1U);
}

TEST(SplitRanges, OnePieceWhereBlocksCannotBeChosen) {
  RangeOptions old_server;
  old_server.tid_ranges = false;
  const auto whole = split_ranges(table_of({{1000 * kMegabyte, 0}, {5, 0}}), old_server);
  ASSERT_EQ(whole.size(), 2U);
  EXPECT_FALSE(whole[0].first_block);
  EXPECT_EQ(whole[0].bytes, 1000 * kMegabyte);

  CatalogTable view;
  view.name = {"public", "v"};
  view.kind = RelationKind::kView;
  const auto of_view = split_ranges(view, {});
  ASSERT_EQ(of_view.size(), 1U);
  EXPECT_FALSE(of_view[0].only);
  EXPECT_FALSE(of_view[0].first_block);

  CatalogTable foreign = table_of({{1000 * kMegabyte, 0}, {0, 0}});
  foreign.leaves[1].kind = RelationKind::kForeign;
  const auto mixed = split_ranges(foreign, {});
  EXPECT_GT(mixed.size(), 4U);
  EXPECT_FALSE(mixed.back().first_block);
}

TEST(SplitRanges, ThroughTheParentWhereLeavesAreHiddenOrLimited) {
  CatalogTable hidden = table_of({{kMegabyte, 0}, {kMegabyte, 0}});
  hidden.whole_because = "a part of it may not be read by itself";
  RangeOptions limited;
  limited.limit = 10;
  for (const auto& ranges :
       {split_ranges(hidden, {}), split_ranges(table_of({{kMegabyte, 0}, {kMegabyte, 0}}), limited)}) {
    ASSERT_EQ(ranges.size(), 1U);
    EXPECT_EQ(ranges[0].relation, (TableName{"public", "t"}));
    EXPECT_FALSE(ranges[0].only);
    EXPECT_EQ(ranges[0].bytes, 2 * kMegabyte);
  }
  const auto single = split_ranges(table_of({{1000 * kMegabyte, 0}}), limited);
  ASSERT_EQ(single.size(), 1U);
  EXPECT_FALSE(single[0].first_block);
}

TEST(SelectSql, SpellsRangesAndQuotesNames) {
  const ReadRange middle{.relation = {"s", "a\"b"}, .only = true, .first_block = 5, .end_block = 9};
  EXPECT_EQ(select_sql(middle, {.select_list = "\"x\""}),
            "SELECT \"x\" FROM ONLY \"s\".\"a\"\"b\" WHERE ctid >= '(5,0)'::pg_catalog.tid AND ctid < "
            "'(9,0)'::pg_catalog.tid");
  const ReadRange last{.relation = {"s", "t"}, .only = true, .first_block = 9, .end_block = std::nullopt};
  EXPECT_EQ(select_sql(last, {}), "SELECT  FROM ONLY \"s\".\"t\" WHERE ctid >= '(9,0)'::pg_catalog.tid");
  const ReadRange view{.relation = {"s", "v"}, .only = false, .first_block = std::nullopt, .end_block = std::nullopt};
  EXPECT_EQ(copy_sql(view, {.select_list = "\"x\"", .limit = 7}),
            "COPY (SELECT \"x\" FROM \"s\".\"v\" LIMIT 7) TO STDOUT (FORMAT binary)");
  EXPECT_EQ(select_sql(last, {.select_list = "1", .condition = "a = 1 -- new ones", .limit = 5}),
            "SELECT 1 FROM ONLY \"s\".\"t\" WHERE ctid >= '(9,0)'::pg_catalog.tid AND (\na = 1 -- new ones\n) LIMIT 5");
  EXPECT_EQ(copy_sql(view, {.select_list = "\"x\"", .order = "\"x\"", .limit = 7}),
            "COPY (SELECT \"x\" FROM \"s\".\"v\" ORDER BY \"x\" LIMIT 7) TO STDOUT (FORMAT binary)");
}

}  // namespace
}  // namespace pg2duck::source
