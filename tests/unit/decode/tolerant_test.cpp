#include <memory>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "decode/tolerant_decoder.hpp"
#include "support/decode/column_text.hpp"
#include "support/decode/decoding.hpp"
#include "support/decode/nested_wire.hpp"

namespace pg2duck::decode {
namespace {

using namespace test_support;
namespace oid = types::oid;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Rows = std::vector<std::string>;

/// A decoder with its column, batch after batch.
class Tolerant {
 public:
  Tolerant(types::Mapping mapping, std::size_t rows)
      : mapping_(std::move(mapping)), column_(mapping_.target, rows), decoder_(make_wire_decoder(mapping_)) {}

  /// @return the rows of the batch that were refused
  std::vector<std::size_t> decode(const Values& values) {
    const auto blocks = std::make_shared<FieldBlocks>(values);
    column_.keep(blocks);
    const auto refused = decoder_.decode(blocks->fields(), column_, rows_);
    rows_ += values.size();
    return {refused.begin(), refused.end()};
  }

  Rows rows() {
    Rows rows;
    for (std::size_t row = 0; row < rows_; ++row) {
      rows.push_back(column_text(column_, mapping_.target, row));
    }
    return rows;
  }

  ArrayColumnView& column() { return column_; }

 private:
  types::Mapping mapping_;
  ArrayColumnView column_;
  TolerantDecoder decoder_;
  std::size_t rows_ = 0;
};

constexpr std::int32_t kCents = ((4 << 16) | 2) + 4;  // numeric(4,2)

const std::string kGood = encode_numeric("1.25");
const std::string kTooFine = encode_numeric("0.001");
const std::string kTooWide = encode_numeric("100");
const std::string kNan = wire_numeric(0, 0xc000, {});

TEST(TolerantDecoder, LeavesGoodBatchesAlone) {
  Tolerant decimals(decimal_mapping(4, 2), 3);
  EXPECT_THAT(decimals.decode({kGood, std::nullopt, kGood}), IsEmpty());
  EXPECT_EQ(decimals.rows(), (Rows{"1.25", "null", "1.25"}));
  EXPECT_THAT(decimals.decode({}), IsEmpty());
}

TEST(TolerantDecoder, MakesNullsOfBadScalars) {
  Tolerant decimals(decimal_mapping(4, 2), 8);
  EXPECT_THAT(decimals.decode({kTooFine, kGood, kNan, std::nullopt, kTooWide, kGood}), ElementsAre(0, 2, 4));
  EXPECT_THAT(decimals.decode({kGood, kTooFine}), ElementsAre(1));
  EXPECT_EQ(decimals.rows(), (Rows{"null", "1.25", "null", "null", "null", "1.25", "1.25", "null"}));
}

TEST(TolerantDecoder, ForgetsTheRefusedOfEarlierBatches) {
  Tolerant decimals(decimal_mapping(4, 2), 4);
  EXPECT_THAT(decimals.decode({kTooFine}), ElementsAre(0));
  EXPECT_THAT(decimals.decode({kGood}), IsEmpty());
  EXPECT_THAT(decimals.decode({kGood, kNan}), ElementsAre(1));
}

TEST(TolerantDecoder, HoldsBatchesOfBadValuesOnly) {
  Tolerant decimals(decimal_mapping(4, 2), 200);
  EXPECT_EQ(decimals.decode(Values(200, kNan)).size(), 200U);
  EXPECT_EQ(decimals.rows(), Rows(200, "null"));
}

TEST(TolerantDecoder, DoesNotTolerateCorruptBytes) {
  const FieldBlocks blocks({kTooFine, std::nullopt, kGood, "corrupt", kTooFine});
  ArrayColumnView column(types::DuckType::decimal(4, 2), 5);
  TolerantDecoder decoder(make_wire_decoder(decimal_mapping(4, 2)));
  try {
    decoder.decode(blocks.fields(), column, 0);
    FAIL();
  } catch (const BadValue& bad) {
    EXPECT_FALSE(bad.unrepresentable);
    EXPECT_EQ(bad.row, 3U);
    EXPECT_EQ(bad.message, "numeric of 7 bytes");
  }
  const FieldBlocks first({"corrupt", kTooFine});
  try {
    decoder.decode(first.fields(), column, 0);
    FAIL();
  } catch (const BadValue& bad) {
    EXPECT_EQ(bad.row, 0U);
  }
}

TEST(TolerantDecoder, IsStrictWhenAsked) {
  TolerantDecoder decoder(make_wire_decoder(decimal_mapping(4, 2)));
  ArrayColumnView column(types::DuckType::decimal(4, 2), 1);
  const FieldBlocks blocks({kTooFine});
  EXPECT_THROW(decoder.strict().decode(blocks.fields(), column, 0), BadValue);
}

std::string list(const Values& elements) {
  return wire_array(oid::kNumeric, elements);
}

TEST(TolerantDecoder, LeavesNoElementsOfRefusedListsBehind) {
  Tolerant lists(array_of(oid::kNumeric, kCents), 7);
  EXPECT_THAT(lists.decode({list({kGood, std::nullopt}), list({std::nullopt, kTooFine}), std::nullopt,
                            list({kGood, kGood, kGood}), list({kNan}), list({}), list({std::nullopt})}),
              ElementsAre(1, 4));
  EXPECT_EQ(lists.rows(), (Rows{"[1.25,null]", "null", "null", "[1.25,1.25,1.25]", "null", "[]", "[null]"}));
  EXPECT_EQ(lists.column().child_size(), 6U);
}

TEST(TolerantDecoder, LeavesNoNullsOfRefusedListsBehind) {
  // The NULL elements of the refused list lie where the good ones of the next come to lie.
  Tolerant lists(array_of(oid::kNumeric, kCents), 3);
  EXPECT_THAT(lists.decode({list({std::nullopt, std::nullopt, std::nullopt, kTooFine}), list({kGood, kGood, kGood}),
                            list({kGood, std::nullopt})}),
              ElementsAre(0));
  EXPECT_EQ(lists.rows(), (Rows{"null", "[1.25,1.25,1.25]", "[1.25,null]"}));
}

TEST(TolerantDecoder, KeepsTheElementsOfEarlierBatches) {
  Tolerant lists(array_of(oid::kNumeric, kCents), 6);
  EXPECT_THAT(lists.decode({list({kGood, std::nullopt}), list({kGood})}), IsEmpty());
  EXPECT_THAT(lists.decode({list({std::nullopt, kTooFine}), list({kGood})}), ElementsAre(0));
  EXPECT_THAT(lists.decode({list({std::nullopt, kGood}), list({kNan})}), ElementsAre(1));
  EXPECT_EQ(lists.rows(), (Rows{"[1.25,null]", "[1.25]", "null", "[1.25]", "[null,1.25]", "null"}));
  EXPECT_EQ(lists.column().child_size(), 6U);
}

TEST(TolerantDecoder, RefusesListsForTheirShape) {
  Tolerant lists(array_of(oid::kInt4), 4);
  EXPECT_THAT(lists.decode({wire_array(oid::kInt4, {wire(1)}), wire_array(oid::kInt4, {wire(2)}, 0),
                            wire_array(oid::kInt4, {{1}, {1}}, {wire(3)}), wire_array(oid::kInt4, {std::nullopt})}),
              ElementsAre(1, 2));
  EXPECT_EQ(lists.rows(), (Rows{"[1]", "null", "null", "[null]"}));
}

TEST(TolerantDecoder, MakesOneNullOfAMatrix) {
  types::Mapping mapping = array_of(oid::kNumeric, kCents);
  mapping.dimensions = 2;
  mapping.target = types::DuckType::list(mapping.target);
  Tolerant matrices(mapping, 4);
  const auto matrix = [](const Values& values) { return wire_array(oid::kNumeric, {{2}, {2}}, values); };
  EXPECT_THAT(
      matrices.decode({matrix({kGood, kGood, std::nullopt, kGood}), matrix({std::nullopt, std::nullopt, kNan, kGood}),
                       matrix({kGood, kGood, kGood, kGood}), matrix({kGood, kGood, kGood, kTooWide})}),
      ElementsAre(1, 3));
  EXPECT_EQ(matrices.rows(), (Rows{"[[1.25,1.25],[null,1.25]]", "null", "[[1.25,1.25],[1.25,1.25]]", "null"}));
  EXPECT_EQ(matrices.column().child_size(), 4U);
  EXPECT_EQ(matrices.column().child(0).child_size(), 8U);
}

constexpr types::Oid kItem = 70'000;
constexpr types::Oid kItemArray = 70'001;
constexpr types::Oid kNumericArray = 1231;

/// item: (label text, prices numeric(4,2)[]); a column of item[].
types::Mapping items() {
  types::TypeCatalog catalog;
  for (const types::Oid type : {oid::kText, oid::kNumeric, kItem, kItemArray, kNumericArray}) {
    catalog[type].oid = type;
  }
  catalog[kNumericArray].element = oid::kNumeric;
  catalog[kItemArray].element = kItem;
  catalog[kItem].typtype = 'c';
  catalog[kItem].fields = {{.name = "label", .type = oid::kText},
                           {.name = "prices", .type = kNumericArray, .typmod = kCents}};
  types::MappingChoice choice;
  choice.final = true;
  return types::map_type(catalog, kItemArray, -1, choice);
}

std::string item(const std::optional<std::string>& label, const std::optional<Values>& prices) {
  return wire_composite({{oid::kText, label}, {kNumericArray, prices ? std::optional(list(*prices)) : std::nullopt}});
}

TEST(TolerantDecoder, TakesBackListsInStructsInLists) {
  const auto row = [](const Values& values) { return wire_array(kItem, values); };
  const std::string good = item("a label of more than twelve bytes", Values{kGood, std::nullopt});
  const std::string bad = item(std::nullopt, Values{std::nullopt, std::nullopt, kTooFine});
  const std::string plain = item("b", Values{kGood, kGood, kGood, kGood});
  Tolerant column(items(), 12);
  EXPECT_THAT(column.decode({row({good, std::nullopt}), row({good, bad}), row({plain, plain}), std::nullopt, row({bad}),
                             row({item(std::nullopt, std::nullopt)})}),
              ElementsAre(1, 4));
  EXPECT_THAT(column.decode({row({bad, good}), row({plain}), row({}), row({good, std::nullopt, good}),
                             row({std::nullopt, std::nullopt, bad}), row({plain})}),
              ElementsAre(0, 4));
  const std::string good_text = "{label:a label of more than twelve bytes,prices:[1.25,null]}";
  const std::string plain_text = "{label:b,prices:[1.25,1.25,1.25,1.25]}";
  EXPECT_EQ(column.rows(), (Rows{"[" + good_text + ",null]", "null", "[" + plain_text + "," + plain_text + "]", "null",
                                 "null", "[{label:null,prices:null}]", "null", "[" + plain_text + "]", "[]",
                                 "[" + good_text + ",null," + good_text + "]", "null", "[" + plain_text + "]"}));
  EXPECT_EQ(column.column().child_size(), 10U);
  EXPECT_EQ(column.column().child(0).child(1).child_size(), 22U);
}

TEST(TolerantDecoder, MakesNullsOfAllPartsOfAStruct) {
  const auto flag = types::DuckType::of(types::DuckTypeId::kBoolean);
  const types::DuckType bound = types::DuckType::decimal(4, 2);
  types::Mapping range =
      leaf(types::Wire::kRange, types::DuckType::structure({"lower", "upper", "lower_inc", "upper_inc", "empty"},
                                                           {bound, bound, flag, flag, flag}));
  range.children.push_back(decimal_mapping(4, 2));
  Tolerant ranges(range, 4);
  EXPECT_THAT(ranges.decode({wire_range(kLowerIncluded, {kGood, kTooWide}), wire_range(kLowerIncluded, {kGood, kGood}),
                             wire_range(kUpperInfinite, {kNan}), wire_range(kUpperInfinite, {kGood})}),
              ElementsAre(0, 2));
  EXPECT_EQ(ranges.rows(), (Rows{"null", "{lower:1.25,upper:1.25,lower_inc:true,upper_inc:false,empty:false}", "null",
                                 "{lower:1.25,upper:null,lower_inc:false,upper_inc:false,empty:false}"}));
  types::Mapping multirange = leaf(types::Wire::kMultirange, types::DuckType::list(range.target));
  multirange.children.push_back(range);
  Tolerant lists(multirange, 2);
  EXPECT_THAT(lists.decode({wire_multirange({wire_range(kUpperInfinite, {kGood}), wire_range(0, {kGood, kTooFine})}),
                            wire_multirange({wire_range(kLowerIncluded, {kGood, kGood})})}),
              ElementsAre(0));
  EXPECT_EQ(lists.rows(), (Rows{"null", "[{lower:1.25,upper:1.25,lower_inc:true,upper_inc:false,empty:false}]"}));
}

/// Random lists of structs of lists; what is refused and what is kept is known beforehand.
TEST(TolerantDecoder, HoldsRandomBatches) {
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 150; ++round) {
    Rows expected;
    Tolerant column(items(), 400);
    for (int batch = 0; batch < 3; ++batch) {
      Values values;
      std::vector<std::size_t> bad_rows;
      const auto bad_share = 3 + random() % 60;
      for (auto rows = random() % 90; rows > 0; --rows) {
        bool is_bad = false;
        std::string text = "[";
        Values elements;
        for (auto count = random() % 4; count > 0; --count) {
          Values prices;
          std::string prices_text = "[";
          bool has_bad_price = false;
          for (auto more = random() % 5; more > 0; --more) {
            const auto kind = random() % bad_share;
            has_bad_price = has_bad_price || kind == 0;
            prices.push_back(kind == 0 ? kTooFine : kind % 2 == 0 ? kGood : std::optional<std::string>());
            prices_text += (prices.size() > 1 ? "," : "") + std::string(kind % 2 == 0 ? "1.25" : "null");
          }
          const bool is_null = random() % 4 == 0;
          is_bad = is_bad || (has_bad_price && !is_null);
          elements.push_back(is_null ? std::nullopt : std::optional(item("x", prices)));
          text += (elements.size() > 1 ? "," : "") + (is_null ? "null" : "{label:x,prices:" + prices_text + "]}");
        }
        if (is_bad) {
          bad_rows.push_back(values.size());
        }
        const bool is_null = random() % 9 == 0 && !is_bad;
        values.push_back(is_null ? std::nullopt : std::optional(wire_array(kItem, elements)));
        expected.push_back(is_bad || is_null ? "null" : text + "]");
      }
      ASSERT_EQ(column.decode(values), bad_rows);
    }
    ASSERT_EQ(column.rows(), expected);
  }
}

TEST(TolerantDecoder, CollectsWhatIsLeftToSee) {
  types::Mapping mapping = decimal_mapping(38, 9);
  mapping.fit = types::Fit::kAdaptiveFinite;
  TolerantDecoder decoder(make_wire_decoder(mapping));
  ArrayColumnView column(mapping.target, 3);
  const FieldBlocks blocks({kGood, kNan, kTooFine});
  EXPECT_THAT(decoder.decode(blocks.fields(), column, 0), ElementsAre(1));
  types::ColumnProfile profile;
  decoder.strict().collect(profile);
  EXPECT_FALSE(profile.at(0).has_special);
  EXPECT_FALSE(profile.at(0).has_misfit);
  EXPECT_EQ(profile.at(0).scale, 3);
}

}  // namespace
}  // namespace pg2duck::decode
