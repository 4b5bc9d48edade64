#include "types/change/conversion.hpp"

#include <string>
#include <tuple>

#include <gtest/gtest.h>

namespace pg2duck::types {
namespace {

using Case = std::tuple<const char*, const char*, Conversion>;

class ConversionTest : public ::testing::TestWithParam<Case> {};

TEST_P(ConversionTest, KeepsEveryValueOrSaysThatItCannot) {
  const auto& [from, to, expected] = GetParam();
  EXPECT_EQ(conversion(parse_type(from), parse_type(to)), expected) << from << " to " << to;
}

INSTANTIATE_TEST_SUITE_P(
    Types, ConversionTest,
    ::testing::Values(
        Case{"INTEGER", "INTEGER", Conversion::kNone}, Case{"SMALLINT", "BIGINT", Conversion::kCast},
        Case{"BIGINT", "INTEGER", Conversion::kAbsent}, Case{"INTEGER", "DECIMAL(12,2)", Conversion::kCast},
        Case{"INTEGER", "DECIMAL(11,2)", Conversion::kAbsent}, Case{"DECIMAL(12,2)", "INTEGER", Conversion::kAbsent},
        Case{"DECIMAL(10,2)", "DECIMAL(12,3)", Conversion::kCast},
        // A digit less before the point: the values decide.
        Case{"DECIMAL(10,2)", "DECIMAL(10,3)", Conversion::kTry},
        Case{"DECIMAL(12,3)", "DECIMAL(10,2)", Conversion::kAbsent},
        Case{"DECIMAL(10,3)", "DECIMAL(10,2)", Conversion::kAbsent},
        Case{"DECIMAL(12,2)", "DECIMAL(10,2)", Conversion::kTry}, Case{"FLOAT", "DOUBLE", Conversion::kCast},
        Case{"INTEGER", "DOUBLE", Conversion::kCast}, Case{"BIGINT", "DOUBLE", Conversion::kAbsent},
        Case{"INTEGER", "FLOAT", Conversion::kAbsent}, Case{"DECIMAL(4,2)", "DOUBLE", Conversion::kAbsent},
        Case{"UUID", "VARCHAR", Conversion::kCast}, Case{"BOOLEAN", "VARCHAR", Conversion::kCast},
        // numeric without a precision prints fewer zeros than its DECIMAL.
        Case{"DECIMAL(38,2)", "VARCHAR", Conversion::kAbsent}, Case{"VARCHAR", "INTEGER", Conversion::kAbsent},
        Case{"TIMESTAMP", "TIMESTAMP WITH TIME ZONE", Conversion::kAbsent}, Case{"DATE", "TIMESTAMP", Conversion::kTry},
        Case{"TIMESTAMP", "DATE", Conversion::kAbsent}, Case{"ENUM('a')", "ENUM('a', 'b')", Conversion::kTry},
        Case{"ENUM('a')", "VARCHAR", Conversion::kCast}, Case{"INTEGER[]", "BIGINT[]", Conversion::kCast},
        Case{"INTEGER[]", "INTEGER", Conversion::kAbsent}, Case{"VARCHAR", "VARCHAR[]", Conversion::kAbsent}));

INSTANTIATE_TEST_SUITE_P(TypesWithParts, ConversionTest,
                         ::testing::Values(
                             // Lists of another depth have nothing in common, whatever their numbers are.
                             Case{"DECIMAL(38,0)[]", "DECIMAL(38,2)[][]", Conversion::kAbsent},
                             Case{"BIGINT", "DECIMAL(38,9)[]", Conversion::kAbsent},
                             Case{"DECIMAL(38,0)[][]", "DECIMAL(38,2)[][]", Conversion::kTry},
                             Case{"STRUCT(a INTEGER, b DATE)", "STRUCT(a BIGINT, b DATE)", Conversion::kCast},
                             Case{"STRUCT(a INTEGER)", "STRUCT(\"a\" INTEGER)", Conversion::kNone},
                             // A field more is NULL, one less is lost.
                             Case{"STRUCT(a INTEGER)", "STRUCT(a INTEGER, b DATE)", Conversion::kCast},
                             Case{"STRUCT(a INTEGER, b DATE)", "STRUCT(a INTEGER)", Conversion::kAbsent},
                             Case{"STRUCT(a DECIMAL(38,2))[]", "STRUCT(a DECIMAL(38,4))[]", Conversion::kTry},
                             Case{"FLOAT[3]", "FLOAT[4]", Conversion::kAbsent},
                             Case{"FLOAT[3]", "DOUBLE[3]", Conversion::kCast},
                             Case{"MAP(VARCHAR, INTEGER)", "MAP(VARCHAR, BIGINT)", Conversion::kCast},
                             // What becomes of the parts of a map nobody looks at.
                             Case{"MAP(VARCHAR, DATE)", "MAP(VARCHAR, TIMESTAMP)", Conversion::kAbsent}));

/// What a column of one type can take for values of another, the best first: "a or b".
std::string offered(const char* old, const char* fresh, Digits digits = Digits::kAsDeclared) {
  std::string text;
  for (const TypeText& type : candidates(parse_type(old), parse_type(fresh), digits)) {
    text += (text.empty() ? "" : " or ") + type.sql();
  }
  return text;
}

TEST(Candidates, KeepWhatHoldsBoth) {
  EXPECT_EQ(offered("INTEGER", "BIGINT"), "BIGINT");
  EXPECT_EQ(offered("BIGINT", "INTEGER"), "BIGINT or INTEGER");
  EXPECT_EQ(offered("DECIMAL(10,2)", "DECIMAL(10,3)"), "DECIMAL(10,3)");
  EXPECT_EQ(offered("DECIMAL(38,12)", "DECIMAL(38,3)"), "DECIMAL(38,12) or DECIMAL(38,3)");
  EXPECT_EQ(offered("DATE", "VARCHAR"), "VARCHAR");
  EXPECT_EQ(offered("VARCHAR", "INTEGER"), "INTEGER");
  EXPECT_EQ(offered("DECIMAL(38,2)", "VARCHAR", Digits::kLearnt), "VARCHAR");
  EXPECT_EQ(offered("DECIMAL(38,9)", "DECIMAL(38,5)", Digits::kLearnt), "DECIMAL(38,9) or DECIMAL(38,5)");
  EXPECT_EQ(offered("DECIMAL(38,2)", "DECIMAL(38,5)", Digits::kLearnt), "DECIMAL(38,5)");
  EXPECT_EQ(offered("STRUCT(a DECIMAL(38,2), b BIGINT)[]", "STRUCT(a DECIMAL(38,4), b INTEGER)[]"),
            R"(STRUCT("a" DECIMAL(38,4), "b" BIGINT)[] or STRUCT("a" DECIMAL(38,4), "b" INTEGER)[])");
}

TEST(Conversion, OfLearntDigitsAsksTheValues) {
  const auto learnt = [](const char* from, const char* to) {
    return conversion(parse_type(from), parse_type(to), Digits::kLearnt);
  };
  EXPECT_EQ(learnt("DECIMAL(38,9)", "DECIMAL(38,5)"), Conversion::kTry);
  EXPECT_EQ(learnt("DECIMAL(38,9)[]", "VARCHAR[]"), Conversion::kCast);
  EXPECT_EQ(learnt("VARCHAR", "DECIMAL(38,9)"), Conversion::kAbsent);
}

TEST(TypeText, ComesApartAndTogether) {
  for (const char* text :
       {"INTEGER", "DECIMAL(38,2)[][3]", "TIMESTAMP WITH TIME ZONE", "MAP(VARCHAR, STRUCT(\"a\" DATE)[])",
        R"(STRUCT("a b" ENUM('x, )', 'it''s'), "say ""hi""" DECIMAL(4,1)[]))"}) {
    EXPECT_EQ(parse_type(text).sql(), text);
  }
  EXPECT_EQ(parse_type("STRUCT(a INTEGER").kind, TypeText::Kind::kPlain);
  EXPECT_EQ(parse_type("STRUCT(a INTEGER, b DATE)").field("b")->name, "DATE");
  EXPECT_EQ(parse_type("STRUCT(a INTEGER)").field("b"), nullptr);
}

TEST(WritesNumbers, InAnyPart) {
  const auto writes = [](const char* from, const char* to) { return writes_numbers(parse_type(from), parse_type(to)); };
  EXPECT_TRUE(writes("DECIMAL(38,2)", "VARCHAR"));
  EXPECT_TRUE(writes("STRUCT(a DATE, b DECIMAL(38,2)[])", "STRUCT(a DATE, b VARCHAR[])"));
  EXPECT_FALSE(writes("INTEGER", "VARCHAR"));
  EXPECT_FALSE(writes("DECIMAL(38,2)", "VARCHAR[]"));
}

}  // namespace
}  // namespace pg2duck::types
