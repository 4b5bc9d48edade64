#include "decode/nested/array.hpp"

#include <limits>
#include <random>
#include <span>
#include <utility>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/decode/column_text.hpp"
#include "support/decode/decoding.hpp"
#include "support/decode/nested_wire.hpp"

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
  return column_text(column, int4_array().target, row);
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
  const auto decoder = make_wire_decoder(int4_array());
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
  for (const std::int32_t count : {2, 1'000'000, std::numeric_limits<std::int32_t>::max()}) {
    EXPECT_EQ(complaint(int4_array(), wire_array_header({{count}}, oid::kInt4) + wire(-1)),
              "corrupt: array of " + std::to_string(count) + " elements in 4 bytes");
  }
  EXPECT_EQ(complaint(int4_array(), wire_array_header({{1}}, oid::kInt4)), "corrupt: array of 1 elements in 0 bytes");
  for (const std::int32_t count : {-1, std::numeric_limits<std::int32_t>::min()}) {
    EXPECT_EQ(complaint(int4_array(), wire_array_header({{count}}, oid::kInt4)),
              "corrupt: array with a dimension of " + std::to_string(count) + " elements");
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
  const auto decoder = make_wire_decoder(int4_array());
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
  for (int round = 0; round < 8'000; ++round) {
    const types::Mapping& mapping = mappings[random() % std::size(mappings)];
    std::string bytes = wire_array(mapping.children[0].type,
                                   {wire(static_cast<std::int32_t>(random())), std::nullopt, "text",
                                    wire_numeric(0, kPlus, {static_cast<std::uint16_t>(random() % 20'000)}), "ab"});
    for (auto changes = random() % 4; changes > 0; --changes) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    bytes.resize(bytes.size() - random() % 3);
    complaint(mapping, bytes);
  }
}

/// int4 in so many dimensions.
types::Mapping int4_array_of(int dimensions) {
  types::Mapping mapping = int4_array();
  mapping.dimensions = dimensions;
  for (int i = 1; i < dimensions; ++i) {
    mapping.target = types::DuckType::list(mapping.target);
  }
  return mapping;
}

/// int2vector or oidvector.
types::Mapping mapping_of_vector(types::Oid type, types::Oid element) {
  types::TypeCatalog catalog;
  catalog[type].oid = type;
  catalog[element].oid = element;
  return types::map_type(catalog, type, -1);
}

/// `count` numbers from 1 on, every fifth of them NULL.
Values numbers(int count) {
  Values values;
  for (int i = 1; i <= count; ++i) {
    values.emplace_back(i % 5 == 0 ? std::nullopt : std::optional(wire(i)));
  }
  return values;
}

/// The numbers of `numbers` as nested lists; takes them from `next` on.
std::string numbers_text(std::span<const Dimension> dimensions, int& next) {
  if (dimensions.empty()) {
    const int number = next++;
    return number % 5 == 0 ? "null" : std::to_string(number);
  }
  std::string text = "[";
  for (std::int32_t i = 0; i < dimensions.front().size; ++i) {
    text += (i == 0 ? "" : ",") + numbers_text(dimensions.subspan(1), next);
  }
  return text + "]";
}

TEST(DecodeArray, ReadsTwoDimensions) {
  const auto mapping = int4_array_of(2);
  const auto column = decode_values(
      mapping, {wire_array(oid::kInt4, {{2}, {3}}, numbers(6)), std::nullopt, empty_array(oid::kInt4),
                wire_array(oid::kInt4, {{1}, {1}}, numbers(1)), wire_array(oid::kInt4, {{3}, {1}}, numbers(3))});
  EXPECT_EQ(column_text(*column, mapping.target, 0), "[[1,2,3],[4,null,6]]");
  EXPECT_EQ(column_text(*column, mapping.target, 1), "null");
  EXPECT_EQ(column_text(*column, mapping.target, 2), "[]");
  EXPECT_EQ(column_text(*column, mapping.target, 3), "[[1]]");
  EXPECT_EQ(column_text(*column, mapping.target, 4), "[[1],[2],[3]]");
  EXPECT_EQ(column->child_size(), 6U);
  EXPECT_EQ(column->child(0).child_size(), 10U);
}

TEST(DecodeArray, ReadsUpToSixDimensionsInSeveralBatches) {
  const std::vector<Dimension> sizes[] = {{{2}, {1}, {3}, {2}, {1}, {2}}, {{1}, {2}, {1}, {1}, {3}, {1}}};
  for (std::size_t dimensions = 1; dimensions <= 6; ++dimensions) {
    const auto mapping = int4_array_of(static_cast<int>(dimensions));
    const auto decoder = make_wire_decoder(mapping);
    ArrayColumnView column(mapping.target, 6);
    for (std::size_t batch = 0; batch < 2; ++batch) {
      const std::vector<Dimension> first(sizes[0].begin(), sizes[0].begin() + static_cast<std::ptrdiff_t>(dimensions));
      const std::vector<Dimension> second(sizes[1].begin(), sizes[1].begin() + static_cast<std::ptrdiff_t>(dimensions));
      const auto bytes = [](const std::vector<Dimension>& shape) {
        int count = 1;
        for (const Dimension& dimension : shape) {
          count *= dimension.size;
        }
        return wire_array(oid::kInt4, shape, numbers(count));
      };
      const FieldBlocks fields({bytes(first), std::nullopt, bytes(second)});
      decoder->decode(fields.fields(), column, 3 * batch);
      int next = 1;
      EXPECT_EQ(column_text(column, mapping.target, 3 * batch), numbers_text(first, next));
      EXPECT_EQ(column_text(column, mapping.target, 3 * batch + 1), "null");
      next = 1;
      EXPECT_EQ(column_text(column, mapping.target, 3 * batch + 2), numbers_text(second, next));
    }
  }
}

TEST(DecodeArray, RefusesOtherNumbersOfDimensions) {
  EXPECT_EQ(complaint(int4_array(), wire_array(oid::kInt4, {{1}, {1}}, numbers(1))),
            "unrepresentable: array of 2 dimensions in a column of 1-dimensional lists");
  EXPECT_EQ(complaint(int4_array_of(3), wire_array(oid::kInt4, {{1}}, numbers(1))),
            "unrepresentable: array of 1 dimensions in a column of 3-dimensional lists");
  EXPECT_EQ(complaint(int4_array_of(5), wire_array(oid::kInt4, {{1}, {1}, {1}, {1}, {1}, {1}}, numbers(1))),
            "unrepresentable: array of 6 dimensions in a column of 5-dimensional lists");
  EXPECT_EQ(complaint(int4_array_of(6), wire_array_header(std::vector<Dimension>(7, {.size = 1}), oid::kInt4)),
            "corrupt: array of 7 dimensions");
  EXPECT_EQ(complaint(int4_array_of(2), array_header(-1, 0, oid::kInt4)), "corrupt: array of -1 dimensions");
}

TEST(DecodeArray, RefusesSizesWithNoBytesBehindThem) {
  constexpr std::int32_t kMost = std::numeric_limits<std::int32_t>::max();
  // 2^31 * 2^31 fits in 64 bits, 65,536^4 and 2^16 * 2^16 * 2^32 do not.
  const std::vector<Dimension> shapes[] = {{{kMost}, {kMost}},
                                           {{65'536}, {65'536}, {65'536}, {65'536}},
                                           {{1 << 16}, {1 << 16}, {1 << 30}, {4}},
                                           {{1}, {1}, {1}, {1}, {1}, {kMost}},
                                           {{kMost}, {kMost}, {kMost}, {kMost}, {kMost}, {kMost}},
                                           {{3}, {1}},
                                           {{1}, {3}}};
  for (const std::vector<Dimension>& shape : shapes) {
    const auto mapping = int4_array_of(static_cast<int>(shape.size()));
    const std::string problem = complaint(mapping, wire_array_header(shape, oid::kInt4) + wire(-1) + wire(-1));
    EXPECT_EQ(problem.substr(0, 18), "corrupt: array of ");
    EXPECT_EQ(problem.substr(problem.find(" elements in")), " elements in 8 bytes");
  }
  EXPECT_EQ(complaint(int4_array_of(2), wire_array_header({{2}, {2}}, oid::kInt4) + wire(-1) + wire(-1)),
            "corrupt: array of 4 elements in 8 bytes");
}

TEST(DecodeArray, RefusesDimensionsWithoutElements) {
  for (const std::vector<Dimension>& shape :
       {std::vector<Dimension>{{0}, {0}}, {{0}, {1}}, {{1}, {0}}, {{2}, {0}, {2}}, {{0}, {1 << 30}, {1 << 30}}}) {
    EXPECT_EQ(complaint(int4_array_of(static_cast<int>(shape.size())), wire_array_header(shape, oid::kInt4)),
              "corrupt: array with a dimension of 0 elements");
  }
  EXPECT_EQ(complaint(int4_array_of(2), wire_array(oid::kInt4, {{1}, {-1}}, numbers(1))),
            "corrupt: array with a dimension of -1 elements");
  EXPECT_EQ(complaint(int4_array_of(2), wire_array_header({{1}, {1}}, oid::kInt4).substr(0, 24)),
            "corrupt: array: a length in the data leaves its value");
}

TEST(DecodeArray, RefusesAnotherLowerBoundInAnyDimension) {
  for (std::size_t dimensions = 1; dimensions <= 6; ++dimensions) {
    const auto mapping = int4_array_of(static_cast<int>(dimensions));
    for (std::size_t shifted = 0; shifted < dimensions; ++shifted) {
      for (const std::int32_t bound : {0, 2, -7, std::numeric_limits<std::int32_t>::min()}) {
        std::vector<Dimension> shape(dimensions, {.size = 1});
        shape[shifted].lower_bound = bound;
        EXPECT_EQ(
            complaint(mapping, wire_array(oid::kInt4, shape, numbers(1))),
            "unrepresentable: array that begins at index " + std::to_string(bound) + ", a list begins at index 1");
      }
    }
  }
  EXPECT_EQ(complaint(int4_array_of(3), wire_array(oid::kInt4, {{1}, {1, 5}, {1, 6}}, numbers(1))),
            "unrepresentable: array that begins at index 5, a list begins at index 1");
}

TEST(DecodeArray, CountsVectorsFromZero) {
  for (const auto& [type, element] : {std::pair{oid::kInt2Vector, oid::kInt2}, {oid::kOidVector, oid::kOid}}) {
    const auto mapping = mapping_of_vector(type, element);
    const std::string one = element == oid::kInt2 ? wire(std::int16_t{7}) : wire(std::uint32_t{7});
    const auto column = decode_values(mapping, {wire_array(element, {one, one}, 0), wire_array(element, {}, 0)});
    EXPECT_EQ(column->at<ListEntry>(0).length, 2U);
    EXPECT_EQ(column->at<ListEntry>(1).length, 0U);
    EXPECT_EQ(complaint(mapping, wire_array(element, {one}, 1)),
              "unrepresentable: array that begins at index 1, a list begins at index 1");
  }
}

TEST(DecodeArray, RefusesEveryPrefixOfSeveralDimensions) {
  const std::string whole = wire_array(oid::kInt4, {{2}, {1}, {2}}, numbers(4));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(complaint(int4_array_of(3), whole.substr(0, size)).substr(0, 8), "corrupt:") << size;
  }
}

TEST(DecodeArray, NamesTheElementOfSeveralDimensions) {
  const BadValue bad = bad_value(int4_array_of(2), {wire_array(oid::kInt4, {{2}, {2}}, numbers(4)),
                                                    wire_array(oid::kInt4, {{2}, {2}}, {wire(1), wire(2), "x", ""})});
  EXPECT_EQ(bad.row, 1U);
  EXPECT_EQ(bad.message, "element 3: int4 of 1 byte");
}

TEST(DecodeArray, NeedsTheMappingOfAnArray) {
  EXPECT_THROW(make_nested(make_array_decoder, mapping_of(oid::kInt4)), Error);
  EXPECT_THROW(make_nested(make_array_decoder, int4_array_of(0)), Error);
  EXPECT_THROW(make_nested(make_array_decoder, int4_array_of(7)), Error);
  types::Mapping childless = int4_array();
  childless.children.clear();
  EXPECT_THROW(make_nested(make_array_decoder, childless), Error);
}

}  // namespace
}  // namespace pg2duck::decode
