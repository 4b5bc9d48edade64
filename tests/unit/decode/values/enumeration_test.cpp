#include "decode/values/enumeration.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/decode/column_text.hpp"
#include "support/decode/decoding.hpp"
#include "support/decode/nested_wire.hpp"

namespace pg2duck::decode {
namespace {

using namespace test_support;

constexpr types::Oid kMood = 70'000;

types::Mapping enum_of(std::vector<std::string> labels) {
  types::Mapping mapping = leaf(types::Wire::kEnum, types::DuckTypeId::kEnum);
  mapping.type = kMood;
  mapping.target.names = std::move(labels);
  return mapping;
}

/// "label 0", "label 1", ...
types::Mapping enum_of(std::size_t count) {
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < count; ++i) {
    labels.push_back("label " + std::to_string(i));
  }
  return enum_of(std::move(labels));
}

TEST(DecodeEnum, ReadsLabelsByTheirPlace) {
  const auto mapping = enum_of({"sad", "ok", "happy beyond every measure", "SAD", "ü", ""});
  const Values values = {"happy beyond every measure", "sad", std::nullopt, "ü", "SAD", "", "ok"};
  const auto column = decode_values(mapping, values);
  for (std::size_t row = 0; row < values.size(); ++row) {
    EXPECT_EQ(column_text(*column, mapping.target, row), values[row].value_or("null"));
  }
  EXPECT_EQ(column->at<std::uint8_t>(0), 2);
  EXPECT_EQ(column->at<std::uint8_t>(2), 0);
}

template <typename Index>
void expect_all_labels(std::size_t count) {
  const auto mapping = enum_of(count);
  Values values(mapping.target.names.rbegin(), mapping.target.names.rend());
  values.emplace_back();
  const auto column = decode_values(mapping, values, 3);
  for (std::size_t row = 0; row < count; ++row) {
    ASSERT_EQ(column->at<Index>(3 + row), count - 1 - row) << count << " labels";
  }
  EXPECT_TRUE(column->is_null(3 + count));
  EXPECT_EQ(complaint(mapping, "label " + std::to_string(count)),
            "unrepresentable: label \"label " + std::to_string(count) + "\" is not one of the enum's");
}

TEST(DecodeEnum, KeepsIndexesAsWideAsDuckDbDoes) {
  expect_all_labels<std::uint8_t>(1);
  expect_all_labels<std::uint8_t>(255);
  expect_all_labels<std::uint16_t>(256);
  expect_all_labels<std::uint16_t>(65'535);
  expect_all_labels<std::uint32_t>(65'536);
}

TEST(DecodeEnum, WritesOneIndexARow) {
  for (const auto& [count, width] : {std::pair<std::size_t, std::size_t>{3, 1}, {300, 2}, {70'000, 4}}) {
    const auto mapping = enum_of(count);
    ArrayColumnView column(mapping.target, 4);
    const FieldBlocks blocks({"label 1", "label 2"});
    make_wire_decoder(mapping)->decode(blocks.fields(), column, 1);
    for (std::size_t at = 0; at < 4 * width; ++at) {
      EXPECT_EQ(column.at<std::uint8_t>(at) == 0xaa, at < width || at >= 3 * width) << count << " labels, byte " << at;
    }
  }
}

TEST(DecodeEnum, RefusesLabelsThatTheTypeDoesNotHave) {
  const auto mapping = enum_of({"sad", "ok"});
  EXPECT_EQ(complaint(mapping, "Sad"), "unrepresentable: label \"Sad\" is not one of the enum's");
  EXPECT_EQ(complaint(mapping, "sa"), "unrepresentable: label \"sa\" is not one of the enum's");
  EXPECT_EQ(complaint(mapping, "sad "), "unrepresentable: label \"sad \" is not one of the enum's");
  EXPECT_EQ(complaint(mapping, ""), "unrepresentable: label \"\" is not one of the enum's");
  EXPECT_EQ(bad_value(mapping, {"ok", std::nullopt, "sad", "no"}).row, 3U);
}

TEST(DecodeEnum, ReadsLabelsInLists) {
  types::Mapping mapping;
  mapping.wire = types::Wire::kArray;
  mapping.dimensions = 1;
  mapping.children.push_back(enum_of({"sad", "ok"}));
  mapping.target = types::DuckType::list(mapping.children.front().target);
  const auto column = decode_values(mapping, {wire_array(kMood, {"ok", std::nullopt, "sad"})});
  EXPECT_EQ(column_text(*column, mapping.target, 0), "[ok,null,sad]");
  EXPECT_EQ(complaint(mapping, wire_array(kMood, {"ok", "so-so"})),
            "unrepresentable: element 2: label \"so-so\" is not one of the enum's");
}

TEST(DecodeEnum, NeedsAnEnum) {
  EXPECT_THROW(make_enum_decoder(types::DuckType{}), Error);
  EXPECT_THROW(make_enum_decoder(types::DuckType::of(types::DuckTypeId::kEnum)), Error);
}

}  // namespace
}  // namespace pg2duck::decode
