#include "sync/load/row_counts.hpp"

#include <optional>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace pg2duck::sync {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(RowCounts, TheCheapestAreMadeWhileAllTogetherReadFewPages) {
  EXPECT_THAT(affordable({99'999}), ElementsAre(true));
  EXPECT_THAT(affordable({100'000}), ElementsAre(false));
  EXPECT_THAT(affordable({60'000, 0, 30'000, std::nullopt, 30'000}), ElementsAre(false, true, true, false, true));
  EXPECT_THAT(affordable({50'000, 50'000}), ElementsAre(true, false));
  EXPECT_THAT(affordable({}), ElementsAre());
}

TEST(RowCounts, ATableMayLoseAShareOfItsRows) {
  TableJob job;
  job.table.name = {"public", "orders"};
  const auto refused = [&job](std::uint64_t before, std::uint64_t after) {
    try {
      check_shrinkage(job, before, after);
      return false;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kCountMismatch);
      EXPECT_THAT(error.hint(), HasSubstr("--force"));
      return true;
    }
  };
  EXPECT_FALSE(refused(1000, 0));
  job.write.max_shrink = 50;
  EXPECT_FALSE(refused(1000, 500));
  EXPECT_TRUE(refused(1000, 499));
  EXPECT_TRUE(refused(1, 0));
  EXPECT_FALSE(refused(0, 0));
  EXPECT_FALSE(refused(0, 5));
  job.write.max_shrink = 0;
  EXPECT_TRUE(refused(1000, 999));
  EXPECT_FALSE(refused(1000, 1000));
  job.write.max_shrink = 100;
  EXPECT_FALSE(refused(1000, 0));
}

}  // namespace
}  // namespace pg2duck::sync
