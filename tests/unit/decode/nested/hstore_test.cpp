#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "support/decode/decoding.hpp"

namespace pg2duck::decode {
namespace {

using namespace test_support;
using types::DuckType;
using types::DuckTypeId;
using Pairs = std::vector<std::pair<std::string, std::optional<std::string>>>;

const types::Mapping& hstore() {
  static const types::Mapping mapping =
      leaf(types::Wire::kHstore, DuckType::map(DuckType::of(DuckTypeId::kVarchar), DuckType::of(DuckTypeId::kVarchar)));
  return mapping;
}

std::string wire_hstore(const Pairs& pairs) {
  Wire out;
  out.put(static_cast<std::int32_t>(pairs.size()));
  for (const auto& [key, value] : pairs) {
    out.field(key).field(value);
  }
  return out;
}

/// Row `row` of a map, like "{a=1,b=null}".
std::string map_text(ArrayColumnView& column, std::size_t row) {
  if (column.is_null(row)) {
    return "null";
  }
  const auto entry = column.at<ListEntry>(row);
  std::string text = "{";
  for (std::size_t i = entry.offset; i < entry.offset + entry.length; ++i) {
    ArrayColumnView& value = column.child(0).child(1);
    text += text.size() > 1 ? "," : "";
    text += column.child(0).child(0).string_at(i) + "=" + (value.is_null(i) ? "null" : value.string_at(i));
  }
  return text + "}";
}

TEST(DecodeHstore, ReadsMaps) {
  const auto column = decode_values(
      hstore(), {wire_hstore({{"a", "1"}, {"b", std::nullopt}}), std::nullopt, wire_hstore({}), wire_hstore({{"", ""}}),
                 wire_hstore({{"a key that is long", "a value that is long, too"}})});
  EXPECT_EQ(map_text(*column, 0), "{a=1,b=null}");
  EXPECT_EQ(map_text(*column, 1), "null");
  EXPECT_EQ(map_text(*column, 2), "{}");
  EXPECT_EQ(map_text(*column, 3), "{=}");
  EXPECT_EQ(map_text(*column, 4), "{a key that is long=a value that is long, too}");
  EXPECT_EQ(column->child_size(), 4U);
  EXPECT_EQ(column->at<ListEntry>(1).length, 0U);
  EXPECT_FALSE(column->child(0).child(0).has_validity());
}

TEST(DecodeHstore, AppendsToTheChildOfEarlierBatches) {
  ArrayColumnView column(hstore().target, 3);
  const auto decoder = make_wire_decoder(hstore());
  const FieldBlocks first({wire_hstore({{"a", "1"}, {"b", "2"}})});
  const FieldBlocks second({wire_hstore({{"c", std::nullopt}}), wire_hstore({{"a", "3"}})});
  decoder->decode(first.fields(), column, 0);
  decoder->decode(second.fields(), column, 1);
  EXPECT_EQ(map_text(column, 0), "{a=1,b=2}");
  EXPECT_EQ(map_text(column, 1), "{c=null}");
  EXPECT_EQ(map_text(column, 2), "{a=3}");
}

TEST(DecodeHstore, ChecksUtf8AndNamesTheRow) {
  const BadValue key = bad_value(
      hstore(), {wire_hstore({{"a", "1"}}), wire_hstore({}), wire_hstore({{"b", "\xc3\xa9"}, {"\xff", "2"}})});
  EXPECT_EQ(key.row, 2U);
  EXPECT_FALSE(key.unrepresentable);
  EXPECT_EQ(key.message, "element 2: text is not valid UTF-8 (byte 0xff at position 1)");
  const BadValue value = bad_value(hstore(), {std::nullopt, wire_hstore({{"a", "x\x80"}})});
  EXPECT_EQ(value.row, 1U);
  EXPECT_EQ(value.message, "element 1: text is not valid UTF-8 (byte 0x80 at position 2)");
}

TEST(DecodeHstore, RefusesCorruptBytes) {
  const std::string whole = wire_hstore({{"key", "value"}, {"other", std::nullopt}});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(complaint(hstore(), whole.substr(0, size)).substr(0, 15), "corrupt: hstore");
  }
  EXPECT_EQ(complaint(hstore(), whole + "x"), "corrupt: 1 bytes after the last pair of an hstore");
  EXPECT_EQ(complaint(hstore(), wire(std::int32_t{-1})), "corrupt: hstore of -1 pairs in 0 bytes");
  EXPECT_EQ(complaint(hstore(), Wire().put(std::int32_t{2'000'000'000}).put("12345678")),
            "corrupt: hstore of 2000000000 pairs in 8 bytes");
  EXPECT_EQ(complaint(hstore(), Wire().put(std::int32_t{1}).field(std::nullopt).field("v")),
            "corrupt: hstore with a key that is NULL");
  EXPECT_EQ(complaint(hstore(), Wire().put(std::int32_t{1}).field("k").put(std::int32_t{-2})),
            "corrupt: hstore with a text of length -2");
  EXPECT_EQ(complaint(hstore(), Wire().put(std::int32_t{1}).field("k").put(std::int32_t{2'147'483'647})),
            "corrupt: hstore: a length in the data leaves its value");
  EXPECT_EQ(complaint(hstore(), wire_hstore({{"k", "1"}, {"k", "2"}})), "corrupt: hstore with the same key twice");
}

}  // namespace
}  // namespace pg2duck::decode
