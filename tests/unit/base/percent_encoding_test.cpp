#include "base/percent_encoding.hpp"

#include <gtest/gtest.h>

namespace pg2duck {
namespace {

TEST(PercentEncoding, LeavesOnlyWhatMeansNothingInAUrl) {
  EXPECT_EQ(percent_encoded("azAZ09-._~"), "azAZ09-._~");
  EXPECT_EQ(percent_encoded(" +@:/?#[]%&=';"), "%20%2B%40%3A%2F%3F%23%5B%5D%25%26%3D%27%3B");
  EXPECT_EQ(percent_encoded("ä\r\n\xFF"), "%C3%A4%0D%0A%FF");
  EXPECT_EQ(percent_encoded(""), "");
  EXPECT_EQ(percent_encoded({}), "");
}

TEST(PercentEncoding, IsTakenBack) {
  std::string all;
  for (int byte = 1; byte < 256; ++byte) {
    all += static_cast<char>(byte);
  }
  EXPECT_EQ(percent_decoded(percent_encoded(all), false), all);
  EXPECT_EQ(percent_decoded(percent_encoded(all), true), all);
}

TEST(PercentEncoding, KnowsBothCasesAndTheBlankOfAQuery) {
  EXPECT_EQ(percent_decoded("%2f%2F%c3%A4", false), "//ä");
  EXPECT_EQ(percent_decoded("a+b%2B", false), "a+b+");
  EXPECT_EQ(percent_decoded("a+b%2B", true), "a b+");
  EXPECT_EQ(percent_decoded("%0d%0A%0a", false), "\r\n\n");
  EXPECT_EQ(percent_decoded("%41%00%42", false), std::string("A\0B", 3));
}

TEST(PercentEncoding, LeavesAPercentThatBeginsNoCode) {
  EXPECT_EQ(percent_decoded("100%", false), "100%");
  EXPECT_EQ(percent_decoded("%4", false), "%4");
  EXPECT_EQ(percent_decoded("%zz%4x%%41", false), "%zz%4x%A");
  EXPECT_EQ(percent_decoded({}, true), "");
}

}  // namespace
}  // namespace pg2duck
