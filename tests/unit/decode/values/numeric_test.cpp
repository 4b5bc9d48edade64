#include "decode/values/numeric.hpp"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/decode/column_text.hpp"
#include "support/decode/decoding.hpp"
#include "support/decode/nested_wire.hpp"

namespace pg2duck::decode {
namespace {

using namespace test_support;

Int128 parse_units(const std::string& text) {
  Int128 value = 0;
  for (const char c : text) {
    value = c == '-' ? value : value * 10 + (c - '0');
  }
  return text.starts_with('-') ? -value : value;
}

/// The decoded value, widened.
Int128 decoded(int width, int scale, const std::string& bytes) {
  const auto mapping = decimal_mapping(width, scale);
  if (width <= 4) {
    return decode_one<std::int16_t>(mapping, bytes);
  }
  if (width <= 9) {
    return decode_one<std::int32_t>(mapping, bytes);
  }
  return width <= 18 ? decode_one<std::int64_t>(mapping, bytes) : decode_one<Int128>(mapping, bytes);
}

std::string complaint_of(int width, int scale, const std::string& bytes) {
  return complaint(decimal_mapping(width, scale), bytes);
}

TEST(DecodeNumeric, ReadsAllOfNumeric42) {
  for (int units = -9999; units <= 9999; ++units) {
    // Digits from integer arithmetic alone: whole * 10000^0, hundredths * 100 at 10000^-1.
    const int size = std::abs(units);
    std::vector<std::uint16_t> groups = {static_cast<std::uint16_t>(size / 100),
                                         static_cast<std::uint16_t>(size % 100 * 100)};
    std::int16_t weight = 0;
    if (groups.back() == 0) {
      groups.pop_back();
    }
    if (!groups.empty() && groups.front() == 0) {
      groups.erase(groups.begin());
      weight = groups.empty() ? std::int16_t{0} : std::int16_t{-1};
    }
    const std::string bytes = wire_numeric(weight, units < 0 ? kMinus : kPlus, groups, 2);
    ASSERT_EQ(decode_one<std::int16_t>(decimal_mapping(4, 2), bytes), units);
    ASSERT_EQ(decode_one<std::int32_t>(decimal_mapping(9, 2), bytes), units);
    ASSERT_EQ(decode_one<std::int64_t>(decimal_mapping(15, 3), bytes), units * 10);
    ASSERT_TRUE(decode_one<Int128>(decimal_mapping(38, 20), bytes) == units * Int128{1'000'000'000'000'000'000});
  }
}

TEST(DecodeNumeric, ReadsTheExtremesOfEveryWidthAndScale) {
  for (int width = 1; width <= 38; ++width) {
    for (int scale = 0; scale <= width; ++scale) {
      const std::string nines(static_cast<std::size_t>(width), '9');
      const auto digits_after = static_cast<std::size_t>(scale);
      for (const std::string& units :
           {nines, "-" + nines, std::string("1"), std::string("-1"), "1" + nines.substr(1)}) {
        ASSERT_TRUE(decoded(width, scale, encode_numeric(number_text(units, digits_after))) == parse_units(units))
            << units << " in DECIMAL(" << width << "," << scale << ")";
      }
      const std::string too_wide = "1" + std::string(static_cast<std::size_t>(width), '0');
      ASSERT_EQ(complaint_of(width, scale, encode_numeric(number_text(too_wide, digits_after))).substr(0, 15),
                "unrepresentable");
      ASSERT_EQ(complaint_of(width, scale, encode_numeric(number_text("1", digits_after + 1))).substr(0, 15),
                "unrepresentable");
      ASSERT_EQ(complaint_of(width, scale, encode_numeric(number_text(nines + "1", digits_after + 1))).substr(0, 15),
                "unrepresentable");
    }
  }
}

TEST(DecodeNumeric, ReadsRandomNumbers) {
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 20'000; ++round) {
    const auto width = 1 + random() % 38;
    const auto scale = random() % (width + 1);
    std::string units = random() % 2 == 0 ? "-" : "";
    units += static_cast<char>('1' + random() % 9);
    for (auto more = random() % width; more > 0; --more) {
      units += static_cast<char>(random() % 2 == 0 ? '0' : '0' + random() % 10);
    }
    ASSERT_TRUE(decoded(static_cast<int>(width), static_cast<int>(scale), encode_numeric(number_text(units, scale))) ==
                parse_units(units))
        << units << " in DECIMAL(" << width << "," << scale << ")";
  }
}

TEST(DecodeNumeric, ReadsZeroInEveryForm) {
  EXPECT_EQ(decode_one<std::int64_t>(decimal_mapping(15, 2), wire_numeric(0, kPlus, {}, 2)), 0);
  EXPECT_EQ(decode_one<std::int64_t>(decimal_mapping(15, 2), wire_numeric(0, kMinus, {}, 2)), 0);
  EXPECT_EQ(decode_one<std::int64_t>(decimal_mapping(15, 2), wire_numeric(100, kPlus, {0, 0})), 0);
  EXPECT_EQ(decode_one<std::int64_t>(decimal_mapping(15, 2), wire_numeric(-100, kPlus, {})), 0);
}

TEST(DecodeNumeric, ReadsGroupsOfZerosThatPostgresStrips) {
  // 1e28 is one group of weight 7; zero groups in front and behind change nothing.
  EXPECT_TRUE(decoded(38, 0, wire_numeric(7, kPlus, {1})) == parse_units("1" + std::string(28, '0')));
  EXPECT_EQ(decoded(15, 2, wire_numeric(2, kPlus, {0, 0, 12, 5000, 0, 0})), 1250);
  EXPECT_EQ(complaint_of(38, 0, wire_numeric(10, kPlus, {1})),
            "unrepresentable: a number with 41 digits before the point cannot be held by DECIMAL(38,0)");
}

TEST(DecodeNumeric, ReadsNumbersWithoutDigitsBeforeThePoint) {
  EXPECT_EQ(decoded(5, 5, encode_numeric("0.00001")), 1);
  EXPECT_EQ(decoded(5, 5, encode_numeric("-0.00320")), -320);
  EXPECT_EQ(decoded(9, 8, encode_numeric("0.00000001")), 1);
}

TEST(DecodeNumeric, RefusesNanAndInfinities) {
  EXPECT_EQ(complaint_of(15, 2, wire_numeric(0, 0xc000, {})), "unrepresentable: NaN cannot be held by DECIMAL(15,2)");
  EXPECT_EQ(complaint_of(4, 1, wire_numeric(0, 0xd000, {}, 32)),
            "unrepresentable: Infinity cannot be held by DECIMAL(4,1)");
  EXPECT_EQ(complaint_of(38, 0, wire_numeric(0, 0xf000, {}, 32)),
            "unrepresentable: -Infinity cannot be held by DECIMAL(38,0)");
}

TEST(DecodeNumeric, RefusesDigitsBeyondTheScale) {
  for (const char* text : {"0.001", "1.001", "12345.6789", "0.00000000001", "1.00000000001"}) {
    EXPECT_EQ(complaint_of(15, 2, encode_numeric(text)),
              "unrepresentable: a number with digits beyond the scale cannot be held by DECIMAL(15,2)");
  }
  EXPECT_EQ(decoded(15, 2, encode_numeric("1.500")), 150);
}

TEST(DecodeNumeric, RefusesWeightsOfAnySize) {
  for (const int weight : {-32768, -1000, 1000, 32767}) {
    EXPECT_EQ(complaint_of(18, 4, wire_numeric(static_cast<std::int16_t>(weight), kPlus, {1})).substr(0, 15),
              "unrepresentable");
    EXPECT_EQ(complaint_of(38, 38, wire_numeric(static_cast<std::int16_t>(weight), kPlus, {0, 9999, 1})).substr(0, 15),
              "unrepresentable");
  }
}

TEST(DecodeNumeric, RefusesBrokenBytes) {
  EXPECT_EQ(complaint_of(15, 2, wire_numeric(0, kPlus, {10'000})), "corrupt: numeric digit of value 10000");
  EXPECT_EQ(complaint_of(15, 2, wire_numeric(0, kPlus, {1, 100, 65'535})), "corrupt: numeric digit of value 65535");
  for (const int bad : {10'000, 22'768, 32'767, 32'768, 65'535}) {
    for (std::size_t place = 0; place < 4; ++place) {
      std::vector<std::uint16_t> groups = {9999, 9999, 9999, 9900};
      groups[place] = static_cast<std::uint16_t>(bad);
      EXPECT_EQ(complaint_of(38, 2, wire_numeric(2, kPlus, groups)),
                "corrupt: numeric digit of value " + std::to_string(bad));
    }
  }
  EXPECT_EQ(complaint_of(15, 2, wire_numeric(0, 0x4001, {1})), "corrupt: numeric with sign word 16385");
  EXPECT_EQ(complaint_of(15, 2, wire_numeric(0, kPlus, {1}) + "x"), "corrupt: numeric of 1 digits in 11 bytes");
  EXPECT_EQ(complaint_of(15, 2, "seven b"), "corrupt: numeric of 7 bytes");
  const std::string whole = encode_numeric("123456789.12");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(complaint_of(15, 2, whole.substr(0, size)).substr(0, 8), "corrupt:") << size;
  }
  const std::string huge_count = Wire().put(std::uint16_t{65'535}).put(std::uint16_t{0}).put(std::uint32_t{0});
  EXPECT_EQ(complaint_of(15, 2, huge_count), "corrupt: numeric of 65535 digits in 8 bytes");
}

TEST(DecodeNumeric, MarksNulls) {
  const auto column =
      decode_values(decimal_mapping(15, 2), {encode_numeric("1.25"), std::nullopt, encode_numeric("-2")});
  EXPECT_EQ(column->at<std::int64_t>(0), 125);
  EXPECT_EQ(column->at<std::int64_t>(1), 0);
  EXPECT_TRUE(column->is_null(1));
  EXPECT_EQ(column->at<std::int64_t>(2), -200);
}

TEST(DecodeNumeric, RefusesTargetsThatAreNoDecimals) {
  EXPECT_THROW(make_numeric_decoder(decimal_mapping(39, 0)), Error);
  EXPECT_THROW(make_numeric_decoder(decimal_mapping(0, 0)), Error);
  EXPECT_THROW(make_numeric_decoder(decimal_mapping(4, 5)), Error);
  EXPECT_THROW(make_numeric_decoder(leaf(types::Wire::kNumeric, types::DuckTypeId::kVarchar)), Error);
}

/// A number of up to four digits before the point and four after it, from integer arithmetic alone.
struct SmallNumber {
  int units;  ///< ten-thousandths

  /// With zero groups in front and behind, which Postgres strips and other senders need not.
  [[nodiscard]] std::string bytes(int zeros_in_front, int zeros_behind) const {
    const int size = std::abs(units);
    std::vector<std::uint16_t> groups = {static_cast<std::uint16_t>(size / 10'000),
                                         static_cast<std::uint16_t>(size % 10'000)};
    int weight = 0;
    if (groups.back() == 0) {
      groups.pop_back();
    }
    if (groups.front() == 0) {
      groups.erase(groups.begin());
      --weight;
    }
    groups.insert(groups.begin(), static_cast<std::size_t>(zeros_in_front), std::uint16_t{0});
    groups.insert(groups.end(), static_cast<std::size_t>(zeros_behind), std::uint16_t{0});
    return wire_numeric(static_cast<std::int16_t>(weight + zeros_in_front), units < 0 ? kMinus : kPlus, groups, 4);
  }
};

int power_of_ten(int exponent) {
  return exponent == 0 ? 1 : 10 * power_of_ten(exponent - 1);
}

TEST(DecodeNumeric, ReadsAllValuesOfSmallPrecisionsInAllEncodings) {
  constexpr std::pair<int, int> kZeroGroups[] = {{0, 0}, {1, 0}, {0, 1}, {2, 3}};
  for (int precision = 1; precision <= 4; ++precision) {
    for (int scale = 0; scale <= precision; ++scale) {
      const int limit = power_of_ten(precision);
      for (const auto& [in_front, behind] : kZeroGroups) {
        Values values;
        for (int units = -limit + 1; units < limit; ++units) {
          values.emplace_back(SmallNumber{units * power_of_ten(4 - scale)}.bytes(in_front, behind));
        }
        const auto narrow = decode_values(decimal_mapping(precision, scale), values);
        const auto wide = decode_values(decimal_mapping(38, scale + 30), values);
        const Int128 more = static_cast<Int128>(1'000'000'000'000'000) * 1'000'000'000'000'000;
        for (int units = -limit + 1; units < limit; ++units) {
          const auto row = static_cast<std::size_t>(units + limit - 1);
          ASSERT_EQ(narrow->at<std::int16_t>(row), units) << precision << "," << scale << " +" << in_front << behind;
          ASSERT_TRUE(wide->at<Int128>(row) == units * more) << precision << "," << scale << " +" << in_front << behind;
        }
      }
    }
  }
}

TEST(DecodeNumeric, HoldsExactlyWhatASmallDecimalCanHold) {
  constexpr int kStep = 29;  // a prime, so that all last digits occur
  for (int width = 1; width <= 4; ++width) {
    for (int scale = 0; scale <= width; ++scale) {
      const auto decoder = make_wire_decoder(decimal_mapping(width, scale));
      for (int exponent = 0; exponent <= 4; ++exponent) {
        for (int units = exponent; units < 10'000; units += kStep) {
          const SmallNumber number = {units * power_of_ten(exponent)};
          const int unit = power_of_ten(4 - scale);
          const bool fits = number.units % unit == 0 && number.units / unit < power_of_ten(width);
          ArrayColumnView column(types::DuckType::decimal(width, scale), 1);
          const FieldBlocks blocks({number.bytes(units % 3, units % 2)});
          bool held = true;
          try {
            decoder->decode(blocks.fields(), column, 0);
          } catch (const BadValue& bad) {
            ASSERT_TRUE(bad.unrepresentable) << bad.message;
            held = false;
          }
          ASSERT_EQ(held, fits) << number.units << " ten-thousandths in DECIMAL(" << width << "," << scale << ")";
          if (held) {
            ASSERT_EQ(column.at<std::int16_t>(0), number.units / unit);
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace pg2duck::decode
