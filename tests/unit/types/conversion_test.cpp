#include "types/conversion.hpp"

#include <string>
#include <tuple>

#include <gtest/gtest.h>

namespace pg2duck::types {
namespace {

using Case = std::tuple<const char*, const char*, Conversion>;

class ConversionTest : public ::testing::TestWithParam<Case> {};

TEST_P(ConversionTest, KeepsEveryValueOrSaysThatItCannot) {
  const auto& [from, to, expected] = GetParam();
  EXPECT_EQ(conversion(from, to), expected) << from << " to " << to;
}

INSTANTIATE_TEST_SUITE_P(
    Types, ConversionTest,
    ::testing::Values(
        Case{"INTEGER", "INTEGER", Conversion::kNone}, Case{"SMALLINT", "BIGINT", Conversion::kWiden},
        Case{"BIGINT", "INTEGER", Conversion::kHold}, Case{"INTEGER", "DECIMAL(12,2)", Conversion::kWiden},
        Case{"INTEGER", "DECIMAL(11,2)", Conversion::kRefused}, Case{"DECIMAL(12,2)", "INTEGER", Conversion::kHold},
        Case{"DECIMAL(10,2)", "DECIMAL(12,3)", Conversion::kWiden},
        // A digit less before the point: the values decide.
        Case{"DECIMAL(10,2)", "DECIMAL(10,3)", Conversion::kTry},
        Case{"DECIMAL(12,3)", "DECIMAL(10,2)", Conversion::kHold},
        // A digit less behind it: the column holds the new values, though not all that its type could.
        Case{"DECIMAL(10,3)", "DECIMAL(10,2)", Conversion::kRefused},
        Case{"DECIMAL(12,2)", "DECIMAL(10,2)", Conversion::kHold}, Case{"FLOAT", "DOUBLE", Conversion::kWiden},
        Case{"INTEGER", "DOUBLE", Conversion::kWiden}, Case{"BIGINT", "DOUBLE", Conversion::kRefused},
        Case{"INTEGER", "FLOAT", Conversion::kRefused}, Case{"DECIMAL(4,2)", "DOUBLE", Conversion::kRefused},
        Case{"UUID", "VARCHAR", Conversion::kWiden}, Case{"BOOLEAN", "VARCHAR", Conversion::kWiden},
        // numeric without a precision prints fewer zeros than its DECIMAL.
        Case{"DECIMAL(38,2)", "VARCHAR", Conversion::kRefused}, Case{"VARCHAR", "INTEGER", Conversion::kRefused},
        Case{"TIMESTAMP", "TIMESTAMP WITH TIME ZONE", Conversion::kRefused},
        Case{"DATE", "TIMESTAMP", Conversion::kTry}, Case{"TIMESTAMP", "DATE", Conversion::kRefused},
        Case{"ENUM('a')", "ENUM('a', 'b')", Conversion::kTry}, Case{"ENUM('a')", "VARCHAR", Conversion::kWiden},
        Case{"INTEGER[]", "BIGINT[]", Conversion::kWiden}, Case{"INTEGER[]", "INTEGER", Conversion::kRefused},
        Case{"VARCHAR", "VARCHAR[]", Conversion::kRefused}));

}  // namespace
}  // namespace pg2duck::types
