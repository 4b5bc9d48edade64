#include "sync/load/column_fit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/plan/planning_case.hpp"

namespace pg2duck::test {
namespace {

using ::testing::ElementsAre;

TEST(ColumnFit, SamplesWhereNothingIsKnownOfTheValues) {
  const Given numbers = Given("id int4 key, n numeric").copied();
  EXPECT_TRUE(sync::needs_sample(numbers.plan().columns));
  EXPECT_FALSE(sync::needs_sample(numbers.profile("n", "1 5 2 2 0 0 0 -1 0").plan().columns));
  EXPECT_FALSE(sync::needs_sample(Given("id int4 key, n numeric(5,1)").plan().columns));
  EXPECT_TRUE(
      sync::needs_sample(Given("a numeric, b numeric").copied().profile("a", "1 5 2 2 0 0 0 -1 0").plan().columns));
}

TEST(ColumnFit, NamesTheTypesThatHaveChanged) {
  const Given numbers = Given("id int4 key, a numeric, b numeric").copied();
  const std::vector<sync::PlannedColumn> before = numbers.plan().columns;
  EXPECT_THAT(sync::type_changes(before, before), ElementsAre());
  EXPECT_THAT(sync::type_changes(before, numbers.profile("b", "1 5 2 2 0 0 0 -1 0").plan().columns),
              ElementsAre("b: DECIMAL(38,2) instead of DECIMAL(38,9)"));
}

TEST(ColumnFit, TakesWhatWasSeen) {
  const Given numbers = Given("id int4 key, a numeric, b numeric").copied();
  const std::vector<sync::PlannedColumn> seen = numbers.profile("b", "1 5 2 2 0 0 0 -1 0").plan().columns;
  std::vector<types::ColumnProfile> profiles{seen[1].choice.profile, seen[2].choice.profile};
  const std::vector<sync::PlannedColumn> knowing = sync::with_profiles(numbers.plan().columns, profiles);
  EXPECT_EQ(knowing[1].choice.profile, seen[1].choice.profile);
  EXPECT_EQ(knowing[2].choice.profile, seen[2].choice.profile);
}

}  // namespace
}  // namespace pg2duck::test
