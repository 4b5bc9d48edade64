#include "decode/heap/wire_conversion.hpp"

#include <random>

#include <gtest/gtest.h>

#include "decode/heap/heap_decoder.hpp"
#include "decode/heap/tuple_layout.hpp"
#include "decode/values/numeric_wire.hpp"
#include "support/decode/column_text.hpp"
#include "support/decode/decoding.hpp"
#include "support/decode/heap_bytes.hpp"
#include "support/error_of.hpp"

namespace pg2duck::decode {
namespace {

using namespace test_support;
using test::error_of;
using types::HeapFormat;
using types::HeapType;
namespace oid = types::oid;

HeapType heap_type(HeapFormat format, std::int16_t length, std::size_t alignment, types::Oid type = 0) {
  return {.format = format, .length = length, .alignment = alignment, .oid = type, .children = {}, .labels = {}};
}

const HeapType kInteger = heap_type(HeapFormat::kReversed, 4, 4, oid::kInt4);
const HeapType kText = heap_type(HeapFormat::kSame, -1, 4, oid::kText);
const HeapType kNumeric = heap_type(HeapFormat::kNumeric, -1, 4, oid::kNumeric);

HeapType with_child(HeapFormat format, const HeapType& child) {
  HeapType type = heap_type(format, -1, 4);
  type.children.push_back(child);
  return type;
}

std::string sent(const HeapType& type, const std::string& bytes) {
  std::vector<std::byte> wire_bytes;
  append_as_wire(type, as_bytes(bytes), wire_bytes);
  return {reinterpret_cast<const char*>(wire_bytes.data()), wire_bytes.size()};
}

std::string long_value(const std::string& value) {
  return native(static_cast<std::uint32_t>((value.size() + 4) << 2)) + value;
}

TEST(WireConversion, TurnsNumbersRound) {
  EXPECT_EQ(sent(kInteger, native(std::int32_t{-2})), wire(std::int32_t{-2}));
  EXPECT_EQ(sent(heap_type(HeapFormat::kInterval, 16, 8), native(std::int64_t{1}) + native(2) + native(3)),
            wire(std::int64_t{1}) + wire(2) + wire(3));
  EXPECT_EQ(sent(heap_type(HeapFormat::kTimeTz, 12, 8), native(std::int64_t{1}) + native(-3600)),
            wire(std::int64_t{1}) + wire(-3600));
  EXPECT_EQ(error_of([] { sent(kInteger, "abc"); }).kind(), ErrorKind::kCorruptData);
  EXPECT_EQ(error_of([] { sent(kInteger, "abcde"); }).kind(), ErrorKind::kCorruptData);
}

TEST(WireConversion, EndsNamesAtTheirZero) {
  const HeapType name = heap_type(HeapFormat::kName, 64, 1);
  EXPECT_EQ(sent(name, std::string("pg_class") + std::string(56, '\0')), "pg_class");
  EXPECT_EQ(sent(name, std::string(64, 'n')), std::string(64, 'n'));
}

TEST(WireConversion, LooksUpLabels) {
  HeapType type = heap_type(HeapFormat::kEnum, 4, 4);
  type.labels = {{70'000, "happy"}, {70'002, "sad"}};
  EXPECT_EQ(sent(type, native(std::uint32_t{70'002})), "sad");
  EXPECT_EQ(error_of([&] { sent(type, native(std::uint32_t{70'001})); }).kind(), ErrorKind::kCorruptData);
}

TEST(WireConversion, SendsArraysOfNumbers) {
  const std::string head = native(1) + native(0) + native(std::uint32_t{oid::kInt4}) + native(2) + native(1);
  EXPECT_EQ(sent(with_child(HeapFormat::kArray, kInteger), head + native(10) + native(20)),
            wire_array(oid::kInt4, {wire(10), wire(20)}));
}

TEST(WireConversion, SendsArraysWithNullsAndTexts) {
  // Bits for three elements, padded to 32 bytes with the header of four.
  const std::string head = native(1) + native(32) + native(std::uint32_t{oid::kText}) + native(3) + native(1);
  const std::string heap_array =
      head + '\x05' + std::string(7, '\0') + long_value("ab") + std::string(2, '\0') + long_value("");
  Wire expected;
  expected.put(1).put(1).put(std::uint32_t{oid::kText}).put(3).put(1);
  expected.field("ab").field(std::nullopt).field("");
  EXPECT_EQ(sent(with_child(HeapFormat::kArray, kText), heap_array), expected.bytes());
}

TEST(WireConversion, SendsEmptyArrays) {
  EXPECT_EQ(sent(with_child(HeapFormat::kArray, kInteger), native(0) + native(0) + native(std::uint32_t{oid::kInt4})),
            wire(0) + wire(0) + wire(std::uint32_t{oid::kInt4}));
}

TEST(WireConversion, RefusesBrokenArrays) {
  const HeapType type = with_child(HeapFormat::kArray, kText);
  const auto kind = [&](const std::string& bytes) { return error_of([&] { sent(type, bytes); }).kind(); };
  const std::string element = native(std::uint32_t{oid::kText});
  EXPECT_EQ(kind("short"), ErrorKind::kCorruptData);
  EXPECT_EQ(kind(native(7) + native(0) + element + std::string(56, '\0')), ErrorKind::kCorruptData);
  EXPECT_EQ(kind(native(-1) + native(0) + element), ErrorKind::kCorruptData);
  EXPECT_EQ(kind(native(1) + native(0) + element + native(1 << 30) + native(1)), ErrorKind::kCorruptData);
  EXPECT_EQ(kind(native(1) + native(0) + element + native(2) + native(1) + long_value("one")), ErrorKind::kCorruptData);
  EXPECT_EQ(kind(native(1) + native(1 << 28) + element + native(1) + native(1) + "\x01"), ErrorKind::kCorruptData);
  EXPECT_EQ(kind(native(1) + native(0) + element + native(1) + native(1) + native(std::uint32_t{2})),
            ErrorKind::kCorruptData);
}

TEST(WireConversion, SendsRanges) {
  const HeapType type = with_child(HeapFormat::kRange, kInteger);
  const std::string head = native(std::uint32_t{3904});
  EXPECT_EQ(sent(type, head + native(1) + native(5) + '\x02'), "\x02" + Wire().field(wire(1)).field(wire(5)).bytes());
  EXPECT_EQ(sent(type, head + native(5) + '\x08'), "\x08" + Wire().field(wire(5)).bytes());
  EXPECT_EQ(sent(type, head + '\x01'), "\x01");
  EXPECT_EQ(sent(type, head + '\x18'), "\x18");
  EXPECT_EQ(error_of([&] { sent(type, head + native(1) + '\x02'); }).kind(), ErrorKind::kCorruptData);
  EXPECT_EQ(error_of([&] { sent(type, "abc"); }).kind(), ErrorKind::kCorruptData);
}

/// Digits of any number that numeric_send may give: groups without zeros at either end.
std::string random_numeric(std::mt19937& dice, std::int16_t& weight) {
  std::vector<std::uint16_t> digits(dice() % 8);
  for (std::uint16_t& digit : digits) {
    digit = static_cast<std::uint16_t>(dice() % 10'000);
  }
  if (!digits.empty()) {
    digits.front() = static_cast<std::uint16_t>(1 + dice() % 9'999);
    digits.back() = static_cast<std::uint16_t>(1 + dice() % 9'999);
  }
  weight = static_cast<std::int16_t>(static_cast<int>(dice() % 9) - 4);
  return wire_numeric(digits.empty() ? std::int16_t{0} : weight, dice() % 2 == 0 || digits.empty() ? kPlus : kMinus,
                      digits, static_cast<std::int16_t>(dice() % 20));
}

/// As Postgres would store it: with the short header where that holds it.
std::string short_numeric(const std::string& wire_bytes, std::int16_t weight) {
  const auto count = static_cast<unsigned char>(wire_bytes[1]);
  const bool minus = static_cast<unsigned char>(wire_bytes[4]) == 0x40;
  const auto scale = static_cast<unsigned char>(wire_bytes[7]);
  std::string bytes = native(
      static_cast<std::uint16_t>(0x8000 | (minus ? 0x2000 : 0) | scale << 7 | ((count == 0 ? 0 : weight) & 0x7f)));
  for (std::size_t i = 8; i < wire_bytes.size(); i += 2) {
    bytes += {wire_bytes[i + 1], wire_bytes[i]};
  }
  return bytes;
}

TEST(WireConversion, NumericsBecomeWhatIsSentOfThem) {
  std::mt19937 dice(20240601);
  for (int i = 0; i < 4'000; ++i) {
    std::int16_t weight = 0;
    const std::string bytes = random_numeric(dice, weight);
    ASSERT_EQ(sent(kNumeric, short_numeric(bytes, weight)), bytes);
    std::vector<std::byte> heap_bytes;
    ASSERT_TRUE(append_as_heap(kNumeric, as_bytes(bytes), heap_bytes));
    ASSERT_EQ(sent(kNumeric, {reinterpret_cast<const char*>(heap_bytes.data()), heap_bytes.size()}), bytes);
  }
}

/// What becomes of one value, or why nothing does.
std::string outcome(const types::Mapping& mapping, ColumnDecoder& decoder, const std::string& bytes) {
  const std::string padded = std::string(kReadableFront, '\xff') + bytes;
  const Field field{as_bytes(padded).data() + kReadableFront, static_cast<std::int32_t>(bytes.size())};
  ArrayColumnView column(mapping.target, 1);
  try {
    decoder.decode({&field, 1}, column, 0);
  } catch (const BadValue& bad) {
    return bad.message;
  }
  return column_text(column, mapping.target, 0);
}

TEST(HeapDecoder, NumericsDecodeAsFromTheWire) {
  std::mt19937 dice(20240602);
  for (const auto& [width, scale] :
       {std::pair(4, 2), std::pair(9, 0), std::pair(15, 2), std::pair(18, 6), std::pair(30, 10), std::pair(38, 12)}) {
    const types::Mapping mapping = decimal_mapping(width, scale);
    const auto from_wire = make_wire_decoder(mapping);
    const auto from_heap = make_heap_decoder(mapping, kNumeric);
    for (int i = 0; i < 20'000; ++i) {
      std::int16_t weight = 0;
      const std::string bytes = random_numeric(dice, weight);
      ASSERT_EQ(outcome(mapping, *from_heap, short_numeric(bytes, weight)), outcome(mapping, *from_wire, bytes));
    }
  }
}

TEST(HeapDecoder, SpecialNumericsAreRefusedAlike) {
  const types::Mapping mapping = decimal_mapping(15, 2);
  for (const std::uint16_t special : {std::uint16_t{0xc000}, std::uint16_t{0xd000}, std::uint16_t{0xf000}}) {
    EXPECT_EQ(outcome(mapping, *make_heap_decoder(mapping, kNumeric), native(special)),
              outcome(mapping, *make_wire_decoder(mapping), wire_numeric(0, special, {})));
  }
  EXPECT_NE(outcome(mapping, *make_heap_decoder(mapping, kNumeric), "x"), "");
}

TEST(HeapDecoder, NumbersAndDatesAreReadWhereTheyLie) {
  for (const auto& [type, length] : {std::pair(oid::kInt2, 2), std::pair(oid::kInt4, 4), std::pair(oid::kInt8, 8),
                                     std::pair(oid::kFloat4, 4), std::pair(oid::kFloat8, 8), std::pair(oid::kDate, 4),
                                     std::pair(oid::kTimestamp, 8), std::pair(oid::kMoney, 8)}) {
    const types::Mapping mapping = mapping_of(type);
    const HeapType type_in_heap = heap_type(HeapFormat::kReversed, static_cast<std::int16_t>(length), 8, type);
    const std::string bytes =
        std::string("\x11\x22\x33\x04\x05\x06\x07\x08").substr(0, static_cast<std::size_t>(length));
    const std::string reversed(bytes.rbegin(), bytes.rend());
    EXPECT_EQ(outcome(mapping, *make_heap_decoder(mapping, type_in_heap), bytes),
              outcome(mapping, *make_wire_decoder(mapping), reversed));
  }
}

TEST(HeapDecoder, BrokenValuesAreNamedByTheirRow) {
  const types::Mapping mapping = array_of(oid::kInt4);
  const auto decoder = make_heap_decoder(mapping, with_child(HeapFormat::kArray, kInteger));
  const std::string good = native(0) + native(0) + native(std::uint32_t{oid::kInt4});
  const std::string bad = "bad";
  const std::vector<Field> fields = {{as_bytes(good).data(), 12}, {}, {as_bytes(bad).data(), 3}};
  ArrayColumnView column(mapping.target, 3);
  try {
    decoder->decode(fields, column, 0);
    FAIL();
  } catch (const BadValue& value) {
    EXPECT_EQ(value.row, 2U);
    EXPECT_FALSE(value.unrepresentable);
  }
}

}  // namespace
}  // namespace pg2duck::decode
