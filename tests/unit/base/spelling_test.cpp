#include "base/spelling.hpp"

#include <array>

#include <gtest/gtest.h>

namespace pg2duck {
namespace {

TEST(Spelling, CountsWhatIsInsertedLeftOutReplacedOrSwapped) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("order", "orders"), 1U);
  EXPECT_EQ(edit_distance("orders", "order"), 1U);
  EXPECT_EQ(edit_distance("orders", "orderz"), 1U);
  EXPECT_EQ(edit_distance("odrers", "orders"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
}

TEST(Spelling, ComparesNoMoreThanAWord) {
  const std::string begin(kLongestWord, 'a');
  EXPECT_EQ(edit_distance(begin + std::string(1U << 20U, 'b'), begin), 0U);
}

TEST(Spelling, FindsTheNearestWordThatIsNear) {
  constexpr std::array<std::string_view, 3> kWords{"exclude", "include", "tables"};
  EXPECT_EQ(nearest_word("exlcude", kWords), "exclude");
  EXPECT_EQ(nearest_word("tabl", kWords), "tables");
  EXPECT_EQ(nearest_word("colour", kWords), std::nullopt);
  EXPECT_EQ(nearest_word(std::string(kLongestWord + 1, 'x'), kWords), std::nullopt);
}

}  // namespace
}  // namespace pg2duck
