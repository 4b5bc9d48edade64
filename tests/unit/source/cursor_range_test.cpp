#include "source/read/cursor_range.hpp"

#include <gtest/gtest.h>

#include "source/read/ranges.hpp"

namespace pg2duck::source {
namespace {

TEST(XminReaches, WithinHalfOfTheRing) {
  EXPECT_TRUE(xmin_reaches("1000", "1000"));
  EXPECT_TRUE(xmin_reaches("1000", "1001"));
  EXPECT_TRUE(xmin_reaches("1000", "2147484647"));   // 1000 + 2^31 - 1
  EXPECT_FALSE(xmin_reaches("1000", "2147484648"));  // half of the ring lies between
  EXPECT_FALSE(xmin_reaches("1000", "4294968296"));  // once around
}

TEST(XminReaches, BeyondTheFirstRound) {
  EXPECT_TRUE(xmin_reaches("4294967290", "4294967300"));
  EXPECT_TRUE(xmin_reaches("8589934592", "10737418239"));
  EXPECT_FALSE(xmin_reaches("8589934592", "10737418240"));
}

TEST(XminReaches, NotOnAServerThatHasGoneBack) {
  EXPECT_FALSE(xmin_reaches("1001", "1000"));
  EXPECT_FALSE(xmin_reaches("4294968296", "1000"));
}

TEST(Conditions, AnEmptyOneHoldsForAllRows) {
  EXPECT_EQ(both("", ""), "");
  EXPECT_EQ(both("a", ""), "a");
  EXPECT_EQ(both("", "b"), "b");
  EXPECT_EQ(both("a -- why", "b"), "(\na -- why\n) AND (\nb\n)");
  EXPECT_EQ(either("a", "b"), "a OR (\nb\n)");
  EXPECT_EQ(rows_with_any({}), "");
  EXPECT_EQ(rows_with_any({"a", "B"}), "\"a\" IS DISTINCT FROM NULL OR \"B\" IS DISTINCT FROM NULL");
}

}  // namespace
}  // namespace pg2duck::source
