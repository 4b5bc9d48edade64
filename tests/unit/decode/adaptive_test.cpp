// Mappings that were guessed: what the values show of the type that would hold them.

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "decode/values/numeric.hpp"
#include "support/decode/column_text.hpp"
#include "support/decode/decoding.hpp"
#include "support/decode/nested_wire.hpp"

namespace pg2duck::decode {
namespace {

using namespace test_support;
namespace oid = types::oid;
using types::Fit;
using types::ValueProfile;

const std::string kNan = wire_numeric(0, 0xc000, {});
const std::string kInfinity = wire_numeric(0, 0xd000, {}, 32);
const std::string kMinusInfinity = wire_numeric(0, 0xf000, {}, 32);

types::Mapping guessed_decimal(int scale, Fit fit = Fit::kAdaptive) {
  types::Mapping mapping = decimal_mapping(38, scale);
  mapping.type = oid::kNumeric;
  mapping.fit = fit;
  return mapping;
}

types::Mapping guessed_text() {
  types::Mapping mapping = leaf(types::Wire::kNumericText, types::DuckTypeId::kVarchar);
  mapping.fit = Fit::kAdaptive;
  return mapping;
}

/// Arrays of int4, whose number of dimensions was guessed.
types::Mapping guessed_array(int dimensions) {
  types::Mapping mapping = array_of(oid::kInt4);
  mapping.fit = Fit::kAdaptive;
  mapping.dimensions = dimensions;
  for (int i = 1; i < dimensions; ++i) {
    mapping.target = types::DuckType::list(mapping.target);
  }
  return mapping;
}

/// What decoding left behind.
struct Outcome {
  std::vector<std::string> rows;
  types::ColumnProfile profile;
};

Outcome decode_all(const types::Mapping& mapping, const Values& values) {
  const FieldBlocks blocks(values);
  ArrayColumnView column(mapping.target, values.size());
  const auto decoder = make_wire_decoder(mapping);
  decoder->decode(blocks.fields(), column, 0);
  Outcome outcome;
  for (std::size_t row = 0; row < values.size(); ++row) {
    outcome.rows.push_back(column_text(column, mapping.target, row));
  }
  decoder->collect(outcome.profile);
  return outcome;
}

ValueProfile profile_of(const types::Mapping& mapping, const Values& values) {
  return decode_all(mapping, values).profile.at(0);
}

Values encode_all(const std::vector<std::string>& texts) {
  Values values;
  for (const std::string& text : texts) {
    values.emplace_back(encode_numeric(text));
  }
  return values;
}

using Rows = std::vector<std::string>;

TEST(AdaptiveNumeric, KnowsNothingOfColumnsWithoutValues) {
  EXPECT_EQ(profile_of(guessed_decimal(9), {}), ValueProfile{});
  EXPECT_EQ(profile_of(guessed_decimal(9), {std::nullopt, std::nullopt}), ValueProfile{});
}

TEST(AdaptiveNumeric, CountsDigitsBeforeThePoint) {
  for (const auto& [text, digits] : {std::pair{"0", 0},
                                     {"0.5", 0},
                                     {"0.00001", 0},
                                     {"1", 1},
                                     {"-9", 1},
                                     {"10", 2},
                                     {"999", 3},
                                     {"1000", 4},
                                     {"9999.9", 4},
                                     {"10000", 5},
                                     {"100000000", 9},
                                     {"-99999999999999999999999999999", 29}}) {
    const ValueProfile seen = profile_of(guessed_decimal(9), {encode_numeric(text)});
    EXPECT_EQ(seen.integer_digits, digits) << text;
    EXPECT_TRUE(seen.has_values);
    EXPECT_FALSE(seen.has_misfit);
  }
}

TEST(AdaptiveNumeric, CountsDigitsAfterThePointWithAndWithoutZeros) {
  struct Case {
    const char* text;
    int scale;
    int display_scale;
  };

  for (const Case& one :
       {Case{"1", 0, 0}, Case{"1.0", 0, 1}, Case{"1.000000", 0, 6}, Case{"1.5", 1, 1}, Case{"1.50", 1, 2},
        Case{"1.500000", 1, 6}, Case{"0.25", 2, 2}, Case{"0.001", 3, 3}, Case{"0.0001", 4, 4}, Case{"0.00001", 5, 5},
        Case{"0.000000010", 8, 9}, Case{"100.123456789", 9, 9}, Case{"10000", 0, 0}, Case{"0.0", 0, 1}}) {
    const ValueProfile seen = profile_of(guessed_decimal(9), {encode_numeric(one.text)});
    EXPECT_EQ(seen.scale, one.scale) << one.text;
    EXPECT_EQ(seen.display_scale, one.display_scale) << one.text;
  }
}

TEST(AdaptiveNumeric, KeepsTheMostOfEachFigure) {
  const ValueProfile seen =
      profile_of(guessed_decimal(9), encode_all({"1.25", "123456", "0.00100", "7", "99.5000000", "-5.125"}));
  EXPECT_EQ(seen.integer_digits, 6);
  EXPECT_EQ(seen.scale, 3);
  EXPECT_EQ(seen.display_scale, 7);
  EXPECT_FALSE(seen.has_special);
}

TEST(AdaptiveNumeric, CountsAlikeInAnyOrder) {
  Values values = encode_all({"1.25", "123456", "0.00100", "7", "99.5000000", "-5.125", "10000.0001"});
  const ValueProfile forwards = profile_of(guessed_decimal(9), values);
  std::ranges::reverse(values);
  EXPECT_EQ(profile_of(guessed_decimal(9), values), forwards);
  ValueProfile one_by_one;
  for (const auto& value : values) {
    one_by_one.merge(profile_of(guessed_decimal(9), {value}));
  }
  EXPECT_EQ(one_by_one, forwards);
}

TEST(AdaptiveNumeric, WritesWhatFits) {
  EXPECT_EQ(decode_all(guessed_decimal(2), {encode_numeric("1.5"), std::nullopt, encode_numeric("-2")}).rows,
            (Rows{"1.50", "null", "-2.00"}));
}

TEST(AdaptiveNumeric, TakesAMisfitForAReasonToLoadAgain) {
  for (const char* misfit : {"0.001", "1000000000000000000000000000000000000", "0.0000000000000000000000000001"}) {
    const Outcome outcome = decode_all(guessed_decimal(2), encode_all({"1.5", misfit, "2.25"}));
    EXPECT_TRUE(outcome.profile.at(0).has_misfit) << misfit;
    EXPECT_EQ(outcome.rows[0], "1.50");
    EXPECT_EQ(outcome.rows[1], "0.00");
  }
}

TEST(AdaptiveNumeric, GoesOnCountingAfterAMisfit) {
  const ValueProfile seen =
      profile_of(guessed_decimal(2), encode_all({"0.001", "123456789012", "0.00000012", "1.0000000000"}));
  EXPECT_TRUE(seen.has_misfit);
  EXPECT_EQ(seen.integer_digits, 12);
  EXPECT_EQ(seen.scale, 8);
  EXPECT_EQ(seen.display_scale, 10);
}

TEST(AdaptiveNumeric, MarksNullsAfterAMisfit) {
  const Outcome outcome =
      decode_all(guessed_decimal(0), {encode_numeric("0.5"), std::nullopt, encode_numeric("7"), std::nullopt});
  EXPECT_EQ(outcome.rows[1], "null");
  EXPECT_EQ(outcome.rows[3], "null");
}

TEST(AdaptiveNumeric, TakesSpecialValuesForMisfits) {
  for (const std::string& special : {kNan, kInfinity, kMinusInfinity}) {
    const ValueProfile seen = profile_of(guessed_decimal(9), {encode_numeric("1.5"), special});
    EXPECT_TRUE(seen.has_special);
    EXPECT_TRUE(seen.has_misfit);
    EXPECT_TRUE(seen.has_values);
    EXPECT_EQ(seen.integer_digits, 1);
    // An infinity is sent with a display scale that means nothing.
    EXPECT_EQ(seen.display_scale, 1);
  }
}

TEST(AdaptiveNumeric, LeavesSpecialValuesToThePolicyWhenFiniteOnesAreWanted) {
  const auto mapping = guessed_decimal(9, Fit::kAdaptiveFinite);
  EXPECT_EQ(complaint(mapping, kNan), "unrepresentable: NaN cannot be held by DECIMAL(38,9)");
  EXPECT_EQ(complaint(mapping, kInfinity), "unrepresentable: Infinity cannot be held by DECIMAL(38,9)");
  EXPECT_EQ(complaint(mapping, kMinusInfinity), "unrepresentable: -Infinity cannot be held by DECIMAL(38,9)");
  EXPECT_EQ(bad_value(mapping, {encode_numeric("1"), kNan}).row, 1U);
  const FieldBlocks blocks({encode_numeric("1.5"), kNan});
  ArrayColumnView column(mapping.target, 2);
  const auto decoder = make_wire_decoder(mapping);
  EXPECT_THROW(decoder->decode(blocks.fields(), column, 0), BadValue);
  types::ColumnProfile profile;
  decoder->collect(profile);
  EXPECT_FALSE(profile.at(0).has_special);
  EXPECT_FALSE(profile.at(0).has_misfit);
}

TEST(AdaptiveNumeric, TakesFiniteMisfitsForMisfitsWhenFiniteOnesAreWanted) {
  const auto mapping = guessed_decimal(2, Fit::kAdaptiveFinite);
  // After the misfit everything is loaded again; the policy sees the special value then.
  const ValueProfile seen = profile_of(mapping, {encode_numeric("0.001"), kNan, encode_numeric("100")});
  EXPECT_TRUE(seen.has_misfit);
  EXPECT_FALSE(seen.has_special);
  EXPECT_EQ(seen.integer_digits, 3);
}

TEST(AdaptiveNumeric, RefusesBrokenBytes) {
  for (const Fit fit : {Fit::kAdaptive, Fit::kAdaptiveFinite}) {
    const auto mapping = guessed_decimal(2, fit);
    EXPECT_EQ(complaint(mapping, wire_numeric(0, kPlus, {10'000})), "corrupt: numeric digit of value 10000");
    EXPECT_EQ(complaint(mapping, wire_numeric(0, kPlus, {1, 10'001, 0}, 8)), "corrupt: numeric digit of value 10001");
    EXPECT_EQ(complaint(mapping, wire_numeric(0, 0x1234, {})), "corrupt: numeric with sign word 4660");
    EXPECT_EQ(complaint(mapping, "1234567"), "corrupt: numeric of 7 bytes");
    EXPECT_EQ(bad_value(mapping, {encode_numeric("0.001"), std::nullopt, "x"}).row, 2U);
  }
}

TEST(AdaptiveNumeric, ChoosesATypeThatHoldsAllThatWasSeen) {
  const std::vector<std::vector<std::string>> columns = {
      {"1.25", "3"},
      {"0"},
      {"123456789012345678901234567890", "0.12345678"},
      {"1.10000000000000000000", "12345678901234567890123456789012"},
      {"99999999999999999999999999999999999999"},
      {"0.00000000000000000000000000000000000001"},
  };
  types::PgType numeric;
  numeric.oid = oid::kNumeric;
  for (const auto& texts : columns) {
    types::MappingChoice choice;
    choice.profile = decode_all(guessed_decimal(9), encode_all(texts)).profile;
    choice.final = true;
    const auto mapping = types::map_type({{oid::kNumeric, numeric}}, oid::kNumeric, -1, choice);
    ASSERT_EQ(mapping.wire, types::Wire::kNumeric) << texts.front();
    EXPECT_EQ(mapping.fit, Fit::kStrict);
    EXPECT_NO_THROW(decode_values(mapping, encode_all(texts))) << texts.front();
  }
}

TEST(AdaptiveNumeric, NeedsAllThirtyEightDigits) {
  types::Mapping narrow = decimal_mapping(18, 2);
  narrow.fit = Fit::kAdaptive;
  EXPECT_THROW(make_numeric_decoder(narrow), Error);
}

TEST(AdaptiveNumericText, CountsLikeADecimalAndHoldsEverything) {
  const std::string wide = "1234567890123456789012345678901234567890.5";
  const Outcome outcome =
      decode_all(guessed_text(), {encode_numeric(wide), kNan, std::nullopt, encode_numeric("0.1250"), kMinusInfinity});
  EXPECT_EQ(outcome.rows, (Rows{wide, "NaN", "null", "0.1250", "-Infinity"}));
  const ValueProfile& seen = outcome.profile.at(0);
  EXPECT_EQ(seen.integer_digits, 40);
  EXPECT_EQ(seen.scale, 3);
  EXPECT_EQ(seen.display_scale, 4);
  EXPECT_TRUE(seen.has_special);
  EXPECT_FALSE(seen.has_misfit);
}

TEST(AdaptiveNumericText, TellsNothingWhenItIsStrict) {
  EXPECT_TRUE(decode_all(leaf(types::Wire::kNumericText, types::DuckTypeId::kVarchar), {kNan}).profile.empty());
}

TEST(AdaptiveArray, KnowsNothingOfEmptyArrays) {
  const Outcome outcome =
      decode_all(guessed_array(1), {wire_array_header({}, oid::kInt4), std::nullopt, wire_array(oid::kInt4, {})});
  EXPECT_EQ(outcome.rows, (Rows{"[]", "null", "[]"}));
  EXPECT_EQ(outcome.profile.at(0), ValueProfile{});
}

TEST(AdaptiveArray, CountsDimensions) {
  const ValueProfile seen = profile_of(guessed_array(2), {wire_array(oid::kInt4, {{1}, {1}}, {wire(1)}),
                                                          wire_array(oid::kInt4, {{2}, {1}}, {wire(1), wire(2)})});
  EXPECT_EQ(seen.least_dimensions, 2);
  EXPECT_EQ(seen.most_dimensions, 2);
  EXPECT_FALSE(seen.has_misfit);
  EXPECT_TRUE(seen.has_values);
}

TEST(AdaptiveArray, TakesOtherDimensionsForMisfits) {
  const std::string one = wire_array(oid::kInt4, {wire(1)});
  const std::string two = wire_array(oid::kInt4, {{1}, {2}}, {wire(2), wire(3)});
  const std::string six = wire_array(oid::kInt4, {{1}, {1}, {1}, {1}, {1}, {1}}, {wire(4)});
  const Outcome outcome = decode_all(guessed_array(1), {one, two, six, std::nullopt, one});
  EXPECT_EQ(outcome.rows, (Rows{"[1]", "[]", "[]", "null", "[1]"}));
  EXPECT_TRUE(outcome.profile.at(0).has_misfit);
  EXPECT_EQ(outcome.profile.at(0).least_dimensions, 1);
  EXPECT_EQ(outcome.profile.at(0).most_dimensions, 6);
  const Outcome upwards = decode_all(guessed_array(6), {one, six, two});
  EXPECT_EQ(upwards.rows, (Rows{"[]", "[[[[[[4]]]]]]", "[]"}));
  EXPECT_EQ(upwards.profile.at(0).least_dimensions, 1);
}

TEST(AdaptiveArray, HoldsMisfitsToTheirFormatToo) {
  const auto mapping = guessed_array(1);
  EXPECT_EQ(complaint(mapping, wire_array_header({{2}, {2}}, oid::kInt4) + wire(-1)),
            "corrupt: array of 2 elements in 4 bytes");
  EXPECT_EQ(complaint(mapping, wire_array(oid::kInt4, {{1}, {1, 0}}, {wire(1)})),
            "unrepresentable: array that begins at index 0, a list begins at index 1");
}

TEST(AdaptiveArray, CollectsWhatItsElementsShow) {
  types::PgType numeric;
  numeric.oid = oid::kNumeric;
  types::PgType array;
  array.oid = 1231;
  array.element = oid::kNumeric;
  const auto mapping = types::map_type({{oid::kNumeric, numeric}, {array.oid, array}}, array.oid, -1);
  ASSERT_EQ(mapping.slot, 0U);
  ASSERT_EQ(mapping.children[0].slot, 1U);
  const Outcome outcome =
      decode_all(mapping, {wire_array(oid::kNumeric, {encode_numeric("1.50"), std::nullopt, encode_numeric("12345")}),
                           wire_array(oid::kNumeric, {{1}, {1}}, {encode_numeric("0.00000001")})});
  ASSERT_EQ(outcome.profile.size(), 2U);
  EXPECT_EQ(outcome.profile[0].most_dimensions, 2);
  EXPECT_TRUE(outcome.profile[0].has_misfit);
  // The elements of the misfit count too: the next type that is chosen has to hold them.
  EXPECT_EQ(outcome.profile[1].integer_digits, 5);
  EXPECT_EQ(outcome.profile[1].display_scale, 8);
  EXPECT_FALSE(outcome.profile[1].has_misfit);
}

TEST(AdaptiveArray, KeepsElementsOfMisfitsOutOfTheColumn) {
  const auto mapping = guessed_array(1);
  const FieldBlocks blocks({wire_array(oid::kInt4, {wire(1), std::nullopt}),
                            wire_array(oid::kInt4, {{2}, {2}}, {std::nullopt, std::nullopt, wire(8), wire(9)})});
  const FieldBlocks more({wire_array(oid::kInt4, {wire(2), wire(3), wire(4)})});
  ArrayColumnView column(mapping.target, 3);
  const auto decoder = make_wire_decoder(mapping);
  decoder->decode(blocks.fields(), column, 0);
  EXPECT_EQ(column.child_size(), 2U);
  decoder->decode(more.fields(), column, 2);
  EXPECT_EQ(column_text(column, mapping.target, 0), "[1,null]");
  EXPECT_EQ(column_text(column, mapping.target, 1), "[]");
  EXPECT_EQ(column_text(column, mapping.target, 2), "[2,3,4]");
}

TEST(AdaptiveArray, NamesTheRowOfABrokenElementOfAMisfit) {
  const BadValue bad =
      bad_value(guessed_array(1), {wire_array(oid::kInt4, {{1}, {1}}, {wire(1)}), std::nullopt,
                                   wire_array(oid::kInt4, {{1}, {2}}, {wire(1), "ab"}), wire_array(oid::kInt4, {"c"})});
  EXPECT_FALSE(bad.unrepresentable);
  EXPECT_THAT(bad.row, ::testing::AnyOf(2U, 3U));
}

TEST(AdaptiveNested, CollectsFromCompositesAndRanges) {
  types::TypeCatalog catalog;
  constexpr types::Oid kRange = 3906;
  constexpr types::Oid kMultirange = 4532;
  constexpr types::Oid kRow = 70'000;
  for (const types::Oid type : {oid::kNumeric, kRange, kMultirange, kRow}) {
    catalog[type].oid = type;
  }
  catalog[kRange].typtype = 'r';
  catalog[kRange].range_subtype = oid::kNumeric;
  catalog[kMultirange].typtype = 'm';
  catalog[kMultirange].range_subtype = kRange;
  catalog[kRow].typtype = 'c';
  catalog[kRow].fields = {
      {.name = "n", .type = oid::kNumeric}, {.name = "r", .type = kRange}, {.name = "m", .type = kMultirange}};
  const auto range = [](const std::string& lower, const std::string& upper) {
    return wire_range(kLowerIncluded, {encode_numeric(lower), encode_numeric(upper)});
  };
  const std::string row =
      wire_composite({{oid::kNumeric, encode_numeric("1.5")},
                      {kRange, range("22", "333.25")},
                      {kMultirange, wire_multirange({range("0.001", "4444"), range("5555", "55555")})}});
  const Outcome outcome = decode_all(types::map_type(catalog, kRow, -1), {row, std::nullopt});
  ASSERT_EQ(outcome.profile.size(), 3U);
  EXPECT_EQ(outcome.profile[0].integer_digits, 1);
  EXPECT_EQ(outcome.profile[1].integer_digits, 3);
  EXPECT_EQ(outcome.profile[1].scale, 2);
  EXPECT_EQ(outcome.profile[2].integer_digits, 5);
  EXPECT_EQ(outcome.profile[2].scale, 3);
}

}  // namespace
}  // namespace pg2duck::decode
