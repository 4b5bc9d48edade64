#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "decode/nested.hpp"
#include "support/decoding.hpp"

namespace pg2duck::decode {
namespace {

using namespace test_support;
namespace oid = types::oid;

const types::Mapping& int4_array() {
  static const types::Mapping mapping = array_of(oid::kInt4);
  return mapping;
}

std::string array_header(std::int32_t dimensions, std::uint32_t flags, std::uint32_t element) {
  return Wire().put(dimensions).put(flags).put(element);
}

std::string empty_array(std::uint32_t element) {
  return array_header(0, 0, element);
}

/// Row `row` of a list of int4, like "[1,null]".
std::string list_text(ArrayColumnView& column, std::size_t row) {
  if (column.is_null(row)) {
    return "null";
  }
  const auto entry = column.at<ListEntry>(row);
  std::string text = "[";
  for (std::size_t i = entry.offset; i < entry.offset + entry.length; ++i) {
    text += text.size() > 1 ? "," : "";
    text += column.child(0).is_null(i) ? "null" : std::to_string(column.child(0).at<std::int32_t>(i));
  }
  return text + "]";
}

TEST(DecodeArray, ReadsLists) {
  const auto column =
      decode_values(int4_array(), {wire_array(oid::kInt4, {wire(1), wire(-2), wire(3)}), std::nullopt,
                                   empty_array(oid::kInt4), wire_array(oid::kInt4, {std::nullopt, wire(7)}),
                                   wire_array(oid::kInt4, {}), wire_array(oid::kInt4, {std::nullopt})});
  EXPECT_EQ(list_text(*column, 0), "[1,-2,3]");
  EXPECT_EQ(list_text(*column, 1), "null");
  EXPECT_EQ(list_text(*column, 2), "[]");
  EXPECT_EQ(list_text(*column, 3), "[null,7]");
  EXPECT_EQ(list_text(*column, 4), "[]");
  EXPECT_EQ(list_text(*column, 5), "[null]");
  EXPECT_EQ(column->child_size(), 6U);
  EXPECT_EQ(column->at<ListEntry>(1).length, 0U);
}

TEST(DecodeArray, AppendsToTheChildOfEarlierBatches) {
  ArrayColumnView column(int4_array().target, 3);
  const auto decoder = make_decoder(int4_array());
  const FieldBlocks first({wire_array(oid::kInt4, {wire(1), std::nullopt})});
  const FieldBlocks second({wire_array(oid::kInt4, {wire(3)}), wire_array(oid::kInt4, {wire(4), wire(5)})});
  decoder->decode(first.fields(), column, 0);
  decoder->decode(second.fields(), column, 1);
  EXPECT_EQ(list_text(column, 0), "[1,null]");
  EXPECT_EQ(list_text(column, 1), "[3]");
  EXPECT_EQ(list_text(column, 2), "[4,5]");
}

TEST(DecodeArray, ReadsStringsOfAllLengths) {
  const auto column =
      decode_values(array_of(oid::kText),
                    {wire_array(oid::kText, {"", "short", "a string that is not short"}), empty_array(oid::kText)});
  EXPECT_EQ(column->child(0).string_at(0), "");
  EXPECT_EQ(column->child(0).string_at(1), "short");
  EXPECT_EQ(column->child(0).string_at(2), "a string that is not short");
}

TEST(DecodeArray, GivesElementsTheirTypmod) {
  const auto mapping = array_of(oid::kNumeric, ((15 << 16) | 2) + 4);
  const auto column = decode_values(mapping, {wire_array(oid::kNumeric, {wire_numeric(0, kPlus, {1, 2500}, 2)})});
  EXPECT_EQ(column->child(0).at<std::int64_t>(0), 125);
}

TEST(DecodeArray, BelievesTheElementsRatherThanTheNullFlag) {
  const std::string flagged = array_header(1, 1, oid::kInt4) + wire(1) + wire(1) + wire(4) + wire(9);
  EXPECT_EQ(list_text(*decode_values(int4_array(), {flagged}), 0), "[9]");
  EXPECT_EQ(complaint(int4_array(), array_header(0, 2, oid::kInt4)), "corrupt: array with flags 2");
}

TEST(DecodeArray, RefusesOtherShapes) {
  EXPECT_EQ(complaint(int4_array(), array_header(2, 0, oid::kInt4) + wire(1) + wire(1) + wire(1) + wire(1) + wire(-1)),
            "unrepresentable: array of 2 dimensions in a column mapped to a one-dimensional list");
  EXPECT_EQ(complaint(int4_array(), array_header(-1, 0, oid::kInt4)), "corrupt: array of -1 dimensions");
  EXPECT_EQ(complaint(int4_array(), array_header(7, 0, oid::kInt4)), "corrupt: array of 7 dimensions");
  EXPECT_EQ(complaint(int4_array(), wire_array(oid::kInt4, {wire(1)}, 0)),
            "unrepresentable: array that begins at index 0, a list begins at index 1");
  EXPECT_EQ(complaint(int4_array(), wire_array(oid::kInt4, {wire(1)}, -3)),
            "unrepresentable: array that begins at index -3, a list begins at index 1");
  EXPECT_EQ(complaint(int4_array(), wire_array(oid::kInt8, {})), "corrupt: array of elements with OID 20, expected 23");
  EXPECT_EQ(complaint(int4_array(), empty_array(oid::kInt8)), "corrupt: array of elements with OID 20, expected 23");
}

TEST(DecodeArray, RefusesCountsThatTheBytesCannotHold) {
  for (const std::int32_t count : {2, 1'000'000, std::numeric_limits<std::int32_t>::max(), -1}) {
    EXPECT_EQ(complaint(int4_array(), array_header(1, 0, oid::kInt4) + wire(count) + wire(1) + wire(-1)),
              "corrupt: array of " + std::to_string(count) + " elements in 4 bytes");
  }
}

TEST(DecodeArray, RefusesBrokenElements) {
  EXPECT_EQ(complaint(int4_array(), wire_array(oid::kInt4, {wire(1)}) + "xy"),
            "corrupt: 2 bytes after the last element of an array");
  EXPECT_EQ(complaint(int4_array(), empty_array(oid::kInt4) + "x"),
            "corrupt: 1 bytes after the last element of an array");
  const std::string one = array_header(1, 0, oid::kInt4) + wire(1) + wire(1);
  EXPECT_EQ(complaint(int4_array(), one + wire(-2)), "corrupt: array element has length -2");
  EXPECT_EQ(complaint(int4_array(), one + wire(5) + "abcd"), "corrupt: array: a length in the data leaves its value");
  EXPECT_EQ(complaint(int4_array(), one + wire(3) + "abc"), "corrupt: element 1: int4 of 3 bytes");
}

TEST(DecodeArray, RefusesEveryPrefix) {
  const std::string whole = wire_array(oid::kInt4, {wire(1), std::nullopt, wire(3)});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(complaint(int4_array(), whole.substr(0, size)).substr(0, 8), "corrupt:") << size;
  }
}

TEST(DecodeArray, NamesTheRowAndTheElement) {
  const Values values = {wire_array(oid::kInt4, {wire(1), wire(2)}), std::nullopt, empty_array(oid::kInt4),
                         wire_array(oid::kInt4, {wire(3), "ab"}), wire_array(oid::kInt4, {wire(4)})};
  const BadValue bad = bad_value(int4_array(), values);
  EXPECT_EQ(bad.row, 3U);
  EXPECT_EQ(bad.message, "element 2: int4 of 2 bytes");
  ArrayColumnView column(int4_array().target, 10);
  const auto decoder = make_decoder(int4_array());
  const FieldBlocks sound({values[0], values[4]});
  const FieldBlocks broken(values);
  decoder->decode(sound.fields(), column, 0);
  try {
    decoder->decode(broken.fields(), column, 2);
    FAIL();
  } catch (const BadValue& second) {
    EXPECT_EQ(second.row, 3U);
  }
}

TEST(DecodeArray, SurvivesRandomBytes) {
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const types::Mapping mappings[] = {array_of(oid::kInt4), array_of(oid::kText),
                                     array_of(oid::kNumeric, ((9 << 16) | 2) + 4)};
  for (int round = 0; round < 30'000; ++round) {
    const types::Mapping& mapping = mappings[random() % std::size(mappings)];
    std::string bytes =
        wire_array(mapping.element, {wire(static_cast<std::int32_t>(random())), std::nullopt, "text",
                                     wire_numeric(0, kPlus, {static_cast<std::uint16_t>(random() % 20'000)}), "ab"});
    for (auto changes = random() % 4; changes > 0; --changes) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    bytes.resize(bytes.size() - random() % 3);
    complaint(mapping, bytes);
  }
}

TEST(DecodeArray, NeedsTheMappingOfAnArray) {
  EXPECT_THROW(make_array_decoder(mapping_of(oid::kInt4)), Error);
}

}  // namespace
}  // namespace pg2duck::decode
