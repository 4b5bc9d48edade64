#include "decode/values/numeric_text.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "support/decode/decoding.hpp"
#include "support/decode/nested_wire.hpp"

namespace pg2duck::decode {
namespace {

using namespace test_support;

const types::Mapping& as_text() {
  static const types::Mapping mapping = leaf(types::Wire::kNumericText, types::DuckTypeId::kVarchar);
  return mapping;
}

std::string text_of(const std::string& bytes) {
  return decode_values(as_text(), {bytes})->string_at(0);
}

TEST(DecodeNumericText, PrintsWhatPostgresPrints) {
  for (const char* text : {"0",
                           "0.0",
                           "0.00000000",
                           "1",
                           "-1",
                           "10",
                           "9999",
                           "10000",
                           "10001",
                           "100000000",
                           "12345678",
                           "-12345.678",
                           "0.1",
                           "0.01",
                           "0.001",
                           "0.0001",
                           "0.00001",
                           "0.000010",
                           "-0.00001000",
                           "1.0",
                           "1.0000",
                           "1.00000",
                           "1.10",
                           "100.0001",
                           "10000.00010000",
                           "99999999.99999999",
                           "0.9999",
                           "123456789012345678901234567890.123456789"}) {
    EXPECT_EQ(text_of(encode_numeric(text)), text);
  }
}

TEST(DecodeNumericText, PrintsTheSpecialValues) {
  EXPECT_EQ(text_of(wire_numeric(0, 0xc000, {})), "NaN");
  EXPECT_EQ(text_of(wire_numeric(0, 0xd000, {}, 32)), "Infinity");
  EXPECT_EQ(text_of(wire_numeric(0, 0xf000, {}, 32)), "-Infinity");
}

/// `units` with `scale` digits after the point; not by way of the digits' text.
std::string printed(int units, int scale) {
  int unit = 1;
  for (int i = 0; i < scale; ++i) {
    unit *= 10;
  }
  const int size = std::abs(units);
  std::string text = (units < 0 ? "-" : "") + std::to_string(size / unit);
  if (scale > 0) {
    text += ".";
    for (int rest = size % unit; unit > 1; rest %= unit) {
      unit /= 10;
      text += static_cast<char>('0' + rest / unit);
    }
  }
  return text;
}

/// The same number in groups of four digits, by arithmetic alone.
std::string encoded(int units, int scale) {
  std::int64_t size = std::abs(units);
  for (int i = scale; i < 8; ++i) {
    size *= 10;
  }
  std::vector<std::uint16_t> groups;
  for (; size > 0; size /= 10'000) {
    groups.insert(groups.begin(), static_cast<std::uint16_t>(size % 10'000));
  }
  const auto weight = static_cast<std::int16_t>(static_cast<int>(groups.size()) - 3);
  while (!groups.empty() && groups.back() == 0) {
    groups.pop_back();
  }
  return wire_numeric(groups.empty() ? std::int16_t{0} : weight, units < 0 ? kMinus : kPlus, groups,
                      static_cast<std::int16_t>(scale));
}

TEST(DecodeNumericText, PrintsAllNumbersOfFourDigits) {
  for (int scale = 0; scale <= 8; ++scale) {
    Values values;
    for (int units = -9999; units <= 9999; ++units) {
      values.emplace_back(encoded(units, scale));
    }
    const auto column = decode_values(as_text(), values);
    for (int units = -9999; units <= 9999; ++units) {
      ASSERT_EQ(column->string_at(static_cast<std::size_t>(units + 9999)), printed(units, scale));
    }
  }
}

TEST(DecodeNumericText, PrintsAThousandDigits) {
  std::mt19937 random(1);
  for (const std::size_t before : {1U, 2U, 3U, 4U, 5U, 999U, 1000U}) {
    for (const std::size_t after : {0U, 1U, 2U, 3U, 4U, 999U, 1000U}) {
      std::string text;
      for (std::size_t i = 0; i < before + after; ++i) {
        text += static_cast<char>('0' + (random() % 3 == 0 ? 0 : random() % 10));
      }
      text[0] = '7';
      if (after > 0) {
        text.insert(before, ".");
      }
      ASSERT_EQ(text_of(encode_numeric(text)), text);
      ASSERT_EQ(text_of(encode_numeric("-" + text)), "-" + text);
    }
  }
}

TEST(DecodeNumericText, PrintsZerosThatAreNotSent) {
  EXPECT_EQ(text_of(wire_numeric(7, kPlus, {1})), "1" + std::string(28, '0'));
  EXPECT_EQ(text_of(wire_numeric(1, kMinus, {12}, 3)), "-120000.000");
  EXPECT_EQ(text_of(wire_numeric(-3, kPlus, {5}, 12)), "0.000000000005");
  EXPECT_EQ(text_of(wire_numeric(-3, kPlus, {50}, 15)), "0.000000000050000");
  EXPECT_EQ(text_of(wire_numeric(0, kPlus, {}, 5)), "0.00000");
  EXPECT_EQ(text_of(wire_numeric(0, kPlus, {}, 0)), "0");
}

TEST(DecodeNumericText, PrintsNumbersWithZeroGroupsAround) {
  EXPECT_EQ(text_of(wire_numeric(2, kPlus, {0, 0, 12, 5000, 0, 0}, 2)), "12.50");
  EXPECT_EQ(text_of(wire_numeric(3, kPlus, {0, 0}, 2)), "0.00");
  EXPECT_EQ(text_of(wire_numeric(1, kPlus, {0, 1, 0}, 0)), "1");
  EXPECT_EQ(text_of(wire_numeric(0, kPlus, {0, 1}, 4)), "0.0001");
}

TEST(DecodeNumericText, PrintsTheLargestAndTheSmallestNumbers) {
  constexpr std::int16_t kMaxWeight = 32'767;
  constexpr std::int16_t kMaxScale = 0x3fff;
  const std::string largest = text_of(wire_numeric(kMaxWeight, kMinus, {9999, 1}, kMaxScale));
  EXPECT_EQ(largest.size(), 1 + 131'072 + 1 + 16'383U);
  EXPECT_EQ(largest.substr(0, 10), "-999900010");
  EXPECT_EQ(largest.find_first_not_of('0', 10), 131'073U);
  EXPECT_EQ(largest[131'073], '.');
  const std::string smallest = text_of(wire_numeric(-4096, kPlus, {10}, kMaxScale));
  EXPECT_EQ(smallest.size(), 2 + 16'383U);
  EXPECT_EQ(smallest.find_first_not_of("0."), smallest.size() - 1);
  EXPECT_EQ(smallest.back(), '1');
}

TEST(DecodeNumericText, KeepsShortTextsInline) {
  const auto column = decode_values(
      as_text(), {encode_numeric("123456789.12"), encode_numeric("123456789.123"), std::nullopt, encode_numeric("-1")});
  EXPECT_EQ(column->string_at(0), "123456789.12");
  EXPECT_EQ(column->string_at(1), "123456789.123");
  EXPECT_TRUE(column->is_null(2));
  EXPECT_EQ(column->string_at(2), "");
  EXPECT_EQ(column->string_at(3), "-1");
  const auto entry = column->at<StringEntry>(3);
  EXPECT_TRUE(std::all_of(entry.inlined + 2, std::end(entry.inlined), [](char c) { return c == '\0'; }));
}

// Postgres never sends more digits than it prints. Whoever does would lose some of them.
TEST(DecodeNumericText, RefusesDigitsBeyondTheDisplayScale) {
  EXPECT_EQ(complaint(as_text(), wire_numeric(0, kPlus, {1, 2500}, 1)),
            "corrupt: numeric with 2 digits after the point, of which 1 are printed");
  EXPECT_EQ(complaint(as_text(), wire_numeric(0, kPlus, {1, 1}, 0)),
            "corrupt: numeric with 4 digits after the point, of which 0 are printed");
  EXPECT_EQ(complaint(as_text(), wire_numeric(-3, kPlus, {100}, 9)),
            "corrupt: numeric with 10 digits after the point, of which 9 are printed");
  EXPECT_EQ(complaint(as_text(), wire_numeric(0, kPlus, {1, 2500, 0, 1, 0}, 4)),
            "corrupt: numeric with 12 digits after the point, of which 4 are printed");
  EXPECT_EQ(complaint(as_text(), wire_numeric(0, kPlus, {1, 2500, 0, 0}, 2)), "none");
}

TEST(DecodeNumericText, RefusesBrokenBytes) {
  EXPECT_EQ(complaint(as_text(), wire_numeric(0, kPlus, {10'000})), "corrupt: numeric digit of value 10000");
  EXPECT_EQ(complaint(as_text(), wire_numeric(0, kPlus, {1, 0, 65'535}, 12)), "corrupt: numeric digit of value 65535");
  EXPECT_EQ(complaint(as_text(), wire_numeric(0, kPlus, {1}, 0x4000)),
            "corrupt: numeric with 16384 digits after the point");
  EXPECT_EQ(complaint(as_text(), wire_numeric(0, 0x8000, {1})), "corrupt: numeric with sign word 32768");
  EXPECT_EQ(complaint(as_text(), wire_numeric(0, kPlus, {1}) + "x"), "corrupt: numeric of 1 digits in 11 bytes");
  EXPECT_EQ(complaint(as_text(), ""), "corrupt: numeric of 0 bytes");
  EXPECT_EQ(bad_value(as_text(), {encode_numeric("1"), std::nullopt, "x"}).row, 2U);
  const std::string whole = encode_numeric("123456789.12");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(complaint(as_text(), whole.substr(0, size)).substr(0, 8), "corrupt:") << size;
  }
}

}  // namespace
}  // namespace pg2duck::decode
