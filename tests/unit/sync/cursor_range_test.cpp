#include "sync/plan/cursor_range.hpp"

#include <gtest/gtest.h>

namespace pg2duck::sync {
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

}  // namespace
}  // namespace pg2duck::sync
