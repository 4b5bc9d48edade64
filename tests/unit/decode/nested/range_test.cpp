#include "decode/nested/range.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/decode/column_text.hpp"
#include "support/decode/decoding.hpp"
#include "support/decode/nested_wire.hpp"

namespace pg2duck::decode {
namespace {

using namespace test_support;
namespace oid = types::oid;

types::Mapping range_of(const types::Mapping& bound) {
  const auto flag = types::DuckType::of(types::DuckTypeId::kBoolean);
  types::Mapping mapping =
      leaf(types::Wire::kRange, types::DuckType::structure({"lower", "upper", "lower_inc", "upper_inc", "empty"},
                                                           {bound.target, bound.target, flag, flag, flag}));
  mapping.children.push_back(bound);
  return mapping;
}

types::Mapping multirange_of(const types::Mapping& bound) {
  types::Mapping mapping = leaf(types::Wire::kMultirange, types::DuckType::list(range_of(bound).target));
  mapping.children.push_back(range_of(bound));
  return mapping;
}

const types::Mapping& int4_range() {
  static const types::Mapping mapping = range_of(mapping_of(oid::kInt4));
  return mapping;
}

const types::Mapping& int4_multirange() {
  static const types::Mapping mapping = multirange_of(mapping_of(oid::kInt4));
  return mapping;
}

std::string row_of(const types::Mapping& mapping, const std::string& bytes) {
  return column_text(*decode_values(mapping, {bytes}), mapping.target, 0);
}

TEST(DecodeRange, ReadsEveryCombinationOfFlags) {
  for (unsigned flags = 0; flags < 0x20; ++flags) {
    const bool is_empty = (flags & kRangeEmpty) != 0;
    const bool has_lower = !is_empty && (flags & kLowerInfinite) == 0;
    const bool has_upper = !is_empty && (flags & kUpperInfinite) == 0;
    std::vector<std::string> bounds;
    if (has_lower) {
      bounds.push_back(wire(-5));
    }
    if (has_upper) {
      bounds.push_back(wire(7));
    }
    const auto word = [](bool value) { return value ? "true" : "false"; };
    const std::string expected = std::string("{lower:") + (has_lower ? "-5" : "null") +
                                 ",upper:" + (has_upper ? "7" : "null") +
                                 ",lower_inc:" + word((flags & kLowerIncluded) != 0) +
                                 ",upper_inc:" + word((flags & kUpperIncluded) != 0) + ",empty:" + word(is_empty) + "}";
    EXPECT_EQ(row_of(int4_range(), wire_range(static_cast<std::uint8_t>(flags), bounds)), expected);
  }
}

TEST(DecodeRange, ReadsNullsInEveryPart) {
  const auto column = decode_values(
      int4_range(), {std::nullopt, wire_range(kLowerIncluded, {wire(1), wire(2)}), wire_range(kRangeEmpty, {}),
                     std::nullopt, wire_range(kLowerInfinite | kUpperInfinite, {})});
  const types::DuckType& target = int4_range().target;
  EXPECT_EQ(column_text(*column, target, 0), "null");
  EXPECT_EQ(column_text(*column, target, 1), "{lower:1,upper:2,lower_inc:true,upper_inc:false,empty:false}");
  EXPECT_EQ(column_text(*column, target, 2), "{lower:null,upper:null,lower_inc:false,upper_inc:false,empty:true}");
  EXPECT_EQ(column_text(*column, target, 3), "null");
  EXPECT_EQ(column_text(*column, target, 4), "{lower:null,upper:null,lower_inc:false,upper_inc:false,empty:false}");
}

TEST(DecodeRange, ReadsBoundsOfOtherSizes) {
  EXPECT_EQ(row_of(range_of(decimal_mapping(38, 2)),
                   wire_range(kUpperIncluded, {encode_numeric("-0.50"), encode_numeric("123456789012.25")})),
            "{lower:-0.50,upper:123456789012.25,lower_inc:false,upper_inc:true,empty:false}");
  EXPECT_EQ(row_of(range_of(mapping_of(oid::kText)), wire_range(0, {"", "a text of more than twelve bytes"})),
            "{lower:,upper:a text of more than twelve bytes,lower_inc:false,upper_inc:false,empty:false}");
}

TEST(DecodeRange, RefusesUnknownFlags) {
  for (unsigned flags = 0x20; flags <= 0xff; ++flags) {
    EXPECT_EQ(complaint(int4_range(), wire_range(static_cast<std::uint8_t>(flags), {wire(1), wire(2)})),
              "corrupt: range with flags " + std::to_string(flags));
  }
}

TEST(DecodeRange, RefusesBrokenBounds) {
  const std::string left = "corrupt: range: a length in the data leaves its value";
  EXPECT_EQ(complaint(int4_range(), ""), left);
  EXPECT_EQ(complaint(int4_range(), wire_range(0, {})), left);
  EXPECT_EQ(complaint(int4_range(), wire_range(0, {wire(1)})), left);
  EXPECT_EQ(complaint(int4_range(), wire_range(kLowerInfinite, {wire(1), wire(2)})),
            "corrupt: 8 bytes after the bounds of a range");
  EXPECT_EQ(complaint(int4_range(), wire_range(kRangeEmpty, {wire(1), wire(2)})),
            "corrupt: 16 bytes after the bounds of a range");
  EXPECT_EQ(complaint(int4_range(), wire(std::uint8_t{0}) + wire(-1)), "corrupt: lower bound of length -1");
  EXPECT_EQ(complaint(int4_range(), wire(kLowerInfinite) + wire(-7)), "corrupt: upper bound of length -7");
  EXPECT_EQ(complaint(int4_range(), wire(kLowerInfinite) + wire(std::numeric_limits<std::int32_t>::max())), left);
}

TEST(DecodeRange, NamesTheRowAndTheBound) {
  const std::string sound = wire_range(0, {wire(1), wire(2)});
  const BadValue lower = bad_value(int4_range(), {sound, std::nullopt, wire_range(0, {"ab", wire(2)})});
  EXPECT_EQ(lower.row, 2U);
  EXPECT_EQ(lower.message, "lower bound: int4 of 2 bytes");
  const BadValue upper = bad_value(int4_range(), {sound, wire_range(kLowerInfinite, {""})});
  EXPECT_EQ(upper.row, 1U);
  EXPECT_EQ(upper.message, "upper bound: int4 of 0 bytes");
  EXPECT_EQ(complaint(range_of(decimal_mapping(4, 2)), wire_range(0, {encode_numeric("1"), encode_numeric("100")})),
            "unrepresentable: upper bound: a number with 3 digits before the point cannot be held by DECIMAL(4,2)");
}

TEST(DecodeRange, RefusesEveryPrefix) {
  const std::string whole = wire_range(kLowerIncluded, {wire(1), wire(2)});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(complaint(int4_range(), whole.substr(0, size)).substr(0, 8), "corrupt:") << size;
  }
}

TEST(DecodeRange, NeedsTheMappingOfARange) {
  EXPECT_THROW(make_nested(make_range_decoder, mapping_of(oid::kInt4)), Error);
  EXPECT_THROW(make_nested(make_range_decoder, leaf(types::Wire::kRange, int4_range().target)), Error);
}

TEST(DecodeMultirange, ReadsLists) {
  const std::string one = wire_range(kLowerIncluded, {wire(1), wire(3)});
  const std::string rest = wire_range(kLowerIncluded | kUpperInfinite, {wire(9)});
  const auto column = decode_values(
      int4_multirange(), {wire_multirange({one, rest}), std::nullopt, wire_multirange({}), wire_multirange({one})});
  const types::DuckType& target = int4_multirange().target;
  const std::string one_text = "{lower:1,upper:3,lower_inc:true,upper_inc:false,empty:false}";
  EXPECT_EQ(column_text(*column, target, 0),
            "[" + one_text + ",{lower:9,upper:null,lower_inc:true,upper_inc:false,empty:false}]");
  EXPECT_EQ(column_text(*column, target, 1), "null");
  EXPECT_EQ(column_text(*column, target, 2), "[]");
  EXPECT_EQ(column_text(*column, target, 3), "[" + one_text + "]");
  EXPECT_EQ(column->child_size(), 3U);
}

TEST(DecodeMultirange, RefusesBrokenCounts) {
  const std::string one = wire_range(0, {wire(1), wire(3)});
  const std::string left = "corrupt: multirange: a length in the data leaves its value";
  EXPECT_EQ(complaint(int4_multirange(), wire(-1)), "corrupt: multirange of -1 ranges");
  EXPECT_EQ(complaint(int4_multirange(), wire(std::numeric_limits<std::int32_t>::max())), left);
  EXPECT_EQ(complaint(int4_multirange(), wire(2) + Wire().field(one).bytes()), left);
  EXPECT_EQ(complaint(int4_multirange(), wire(1)), left);
  EXPECT_EQ(complaint(int4_multirange(), ""), left);
  EXPECT_EQ(complaint(int4_multirange(), wire_multirange({one}) + "abc"),
            "corrupt: 3 bytes after the last range of a multirange");
}

TEST(DecodeMultirange, RefusesBrokenRanges) {
  const std::string one = wire_range(0, {wire(1), wire(3)});
  EXPECT_EQ(complaint(int4_multirange(), wire(1) + wire(-1)), "corrupt: range of length -1");
  EXPECT_EQ(complaint(int4_multirange(), wire_multirange({one, wire_range(0x40, {})})),
            "corrupt: element 2: range with flags 64");
  EXPECT_EQ(complaint(int4_multirange(), wire_multirange({one, one, wire_range(0, {wire(1), "abc"})})),
            "corrupt: element 3: upper bound: int4 of 3 bytes");
  EXPECT_EQ(complaint(int4_multirange(), wire_multirange({""})),
            "corrupt: element 1: range: a length in the data leaves its value");
}

TEST(DecodeMultirange, NamesTheRow) {
  const std::string one = wire_range(0, {wire(1), wire(3)});
  const BadValue bad = bad_value(int4_multirange(), {wire_multirange({one, one}), wire_multirange({}), std::nullopt,
                                                     wire_multirange({one, wire_range(0, {"", ""})})});
  EXPECT_EQ(bad.row, 3U);
  EXPECT_EQ(bad.message, "element 2: lower bound: int4 of 0 bytes");
}

TEST(DecodeMultirange, RefusesEveryPrefix) {
  const std::string whole = wire_multirange({wire_range(0, {wire(1), wire(3)}), wire_range(kUpperInfinite, {wire(9)})});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(complaint(int4_multirange(), whole.substr(0, size)).substr(0, 8), "corrupt:") << size;
  }
}

TEST(DecodeMultirange, NeedsTheMappingOfAMultirange) {
  EXPECT_THROW(make_nested(make_multirange_decoder, int4_range()), Error);
  EXPECT_THROW(make_nested(make_multirange_decoder, leaf(types::Wire::kMultirange, int4_multirange().target)), Error);
}

}  // namespace
}  // namespace pg2duck::decode
