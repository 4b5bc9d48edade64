#include "decode/values/scalars.hpp"

#include <bit>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/decode/decoding.hpp"

namespace pg2duck::decode {
namespace {

using namespace test_support;
namespace oid = types::oid;

template <typename T>
void expect_extremes(types::Oid type) {
  using Limits = std::numeric_limits<T>;
  for (const T value : {Limits::min(), T{0}, T{1}, static_cast<T>(Limits::max() / 3), Limits::max()}) {
    EXPECT_EQ(decode_one<T>(mapping_of(type), wire(value)), value);
  }
}

TEST(DecodeScalars, ReadsIntegers) {
  expect_extremes<std::int16_t>(oid::kInt2);
  expect_extremes<std::int32_t>(oid::kInt4);
  expect_extremes<std::int64_t>(oid::kInt8);
  expect_extremes<std::uint32_t>(oid::kOid);
}

TEST(DecodeScalars, ReadsUnsignedNumbersOf64Bits) {
  const types::Mapping mapping = leaf(types::Wire::kUint8, types::DuckTypeId::kUbigint);
  for (const std::uint64_t value : {std::uint64_t{0}, std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
    EXPECT_EQ(decode_one<std::uint64_t>(mapping, wire(value)), value);
  }
  EXPECT_EQ(complaint(mapping, "1234"), "corrupt: xid8 of 4 bytes");
}

TEST(DecodeScalars, ReadsMoneyAsDecimal) {
  const types::Mapping mapping = leaf(types::Wire::kMoney, types::DuckType::decimal(19, 2));
  using Limits = std::numeric_limits<std::int64_t>;
  for (const std::int64_t value : {Limits::min(), std::int64_t{-1}, std::int64_t{0}, Limits::max()}) {
    EXPECT_EQ(decode_one<Int128>(mapping, wire(value)), value);
  }
  EXPECT_EQ(complaint(mapping, "1234"), "corrupt: money of 4 bytes");
}

TEST(DecodeScalars, ReadsBooleansAndRefusesOtherBytes) {
  EXPECT_EQ(decode_one<std::uint8_t>(mapping_of(oid::kBool), std::string(1, '\0')), 0);
  EXPECT_EQ(decode_one<std::uint8_t>(mapping_of(oid::kBool), "\x01"), 1);
  EXPECT_EQ(complaint(mapping_of(oid::kBool), "\x02"), "corrupt: bool of value 2");
}

TEST(DecodeScalars, KeepsTheBitsOfFloats) {
  // Minus zero, infinity, a quiet and a signalling NaN with payload, the smallest denormal.
  for (const std::uint32_t bits : {0x8000'0000U, 0x7f80'0000U, 0x7fc0'1234U, 0x7f80'0001U, 1U, 0x3f80'0000U}) {
    EXPECT_EQ(decode_one<std::uint32_t>(mapping_of(oid::kFloat4), wire(bits)), bits);
  }
  const std::uint64_t signalling = 0x7ff0'0000'0000'0001;
  for (const std::uint64_t bits : {std::bit_cast<std::uint64_t>(-0.0), std::bit_cast<std::uint64_t>(0.1), signalling}) {
    EXPECT_EQ(decode_one<std::uint64_t>(mapping_of(oid::kFloat8), wire(bits)), bits);
  }
}

TEST(DecodeScalars, ReadsUuidsAsDuckDbKeepsThem) {
  struct Words {
    std::uint64_t low;
    std::uint64_t high;
  };

  // As DuckDB 1.5 holds '00112233-4455-6677-8899-aabbccddeeff'::UUID, and the same with f0 in front.
  const std::string bytes = Wire().put(0x0011'2233'4455'6677ULL).put(0x8899'aabb'ccdd'eeffULL);
  const auto words = decode_one<Words>(mapping_of(oid::kUuid), bytes);
  EXPECT_EQ(words.low, 0x8899'aabb'ccdd'eeffULL);
  EXPECT_EQ(words.high, 0x8011'2233'4455'6677ULL);
  EXPECT_EQ(decode_one<Words>(mapping_of(oid::kUuid), "\xf0" + bytes.substr(1)).high, 0x7011'2233'4455'6677ULL);
}

TEST(DecodeScalars, MarksNullsAndLeavesTheRest) {
  Values values;
  for (std::int32_t i = 0; i < 200; ++i) {
    values.push_back(i % 3 == 0 ? std::nullopt : std::optional(wire(i)));
  }
  constexpr std::size_t kFirstRow = 70;
  const auto column = decode_values(mapping_of(oid::kInt4), values, kFirstRow);
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(column->is_null(kFirstRow + i), i % 3 == 0);
    EXPECT_EQ(column->at<std::int32_t>(kFirstRow + i), i % 3 == 0 ? 0 : static_cast<std::int32_t>(i));
  }
  for (std::size_t row = 0; row < kFirstRow; ++row) {
    EXPECT_FALSE(column->is_null(row));
    EXPECT_EQ(column->at<std::uint32_t>(row), 0xaaaa'aaaaU);
  }
}

TEST(DecodeScalars, AsksForTheValidityMaskOnlyForNulls) {
  EXPECT_FALSE(decode_values(mapping_of(oid::kInt8), {wire(std::int64_t{1})})->has_validity());
  EXPECT_TRUE(decode_values(mapping_of(oid::kInt8), {std::nullopt})->has_validity());
}

TEST(DecodeScalars, RefusesEveryOtherSize) {
  const std::pair<types::Oid, std::size_t> sizes[] = {{oid::kBool, 1},   {oid::kInt2, 2}, {oid::kInt4, 4},
                                                      {oid::kInt8, 8},   {oid::kOid, 4},  {oid::kFloat4, 4},
                                                      {oid::kFloat8, 8}, {oid::kUuid, 16}};
  for (const auto& [type, right_size] : sizes) {
    for (std::size_t size = 0; size < 20; ++size) {
      const std::string expected = size == right_size ? "none" : "corrupt: ";
      EXPECT_EQ(complaint(mapping_of(type), std::string(size, '\0')).substr(0, expected.size()), expected);
    }
  }
  EXPECT_EQ(complaint(mapping_of(oid::kInt4), "abc"), "corrupt: int4 of 3 bytes");
  EXPECT_EQ(complaint(mapping_of(oid::kInt2), "a"), "corrupt: int2 of 1 byte");
}

TEST(DecodeScalars, NamesTheRowOfABadValue) {
  const BadValue bad = bad_value(mapping_of(oid::kInt4), {wire(1), std::nullopt, "abc", wire(2)});
  EXPECT_EQ(bad.row, 2U);
  EXPECT_FALSE(bad.unrepresentable);
}

TEST(DecodeScalars, HasNoDecoderForOtherLayouts) {
  EXPECT_THROW(make_scalar_decoder(types::Wire::kText), Error);
}

}  // namespace
}  // namespace pg2duck::decode
