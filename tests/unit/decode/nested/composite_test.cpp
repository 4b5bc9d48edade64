#include "decode/nested/composite.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/decode/column_text.hpp"
#include "support/decode/decoding.hpp"
#include "support/decode/nested_wire.hpp"

namespace pg2duck::decode {
namespace {

using namespace test_support;
namespace oid = types::oid;

constexpr types::Oid kPair = 70'000;
constexpr types::Oid kPairArray = 70'001;
constexpr types::Oid kOrder = 70'002;

types::PgType built_in(types::Oid oid) {
  types::PgType type;
  type.oid = oid;
  return type;
}

/// pair: (a integer, b text); order: (id int8, best pair, all pair[], price numeric(9,2)).
types::TypeCatalog make_catalog() {
  types::TypeCatalog catalog;
  for (const types::Oid type : {oid::kInt4, oid::kInt8, oid::kText, oid::kNumeric}) {
    catalog[type] = built_in(type);
  }
  types::PgType pair = built_in(kPair);
  pair.typtype = 'c';
  pair.fields = {{.name = "a", .type = oid::kInt4}, {.name = "b", .type = oid::kText}};
  catalog[kPair] = pair;
  types::PgType pairs = built_in(kPairArray);
  pairs.element = kPair;
  catalog[kPairArray] = pairs;
  types::PgType order = built_in(kOrder);
  order.typtype = 'c';
  order.fields = {{.name = "id", .type = oid::kInt8},
                  {.name = "best", .type = kPair},
                  {.name = "all", .type = kPairArray},
                  {.name = "price", .type = oid::kNumeric, .typmod = ((9 << 16) | 2) + 4}};
  catalog[kOrder] = order;
  return catalog;
}

types::Mapping composite(types::Oid type) {
  return types::map_type(make_catalog(), type, -1);
}

std::string pair(const std::optional<std::string>& a, const std::optional<std::string>& b) {
  return wire_composite({{oid::kInt4, a}, {oid::kText, b}});
}

/// Every row as text.
std::vector<std::string> rows_of(const types::Mapping& mapping, const Values& values) {
  const auto column = decode_values(mapping, values);
  std::vector<std::string> rows;
  for (std::size_t row = 0; row < values.size(); ++row) {
    rows.push_back(column_text(*column, mapping.target, row));
  }
  return rows;
}

using Rows = std::vector<std::string>;

TEST(DecodeComposite, ReadsFields) {
  EXPECT_EQ(rows_of(composite(kPair), {pair(wire(1), "one"), pair(wire(-2), "a text of more than twelve bytes"),
                                       pair(std::nullopt, ""), pair(wire(3), std::nullopt)}),
            (Rows{"{a:1,b:one}", "{a:-2,b:a text of more than twelve bytes}", "{a:null,b:}", "{a:3,b:null}"}));
}

TEST(DecodeComposite, TellsNullFromFieldsThatAreNull) {
  const Values values = {std::nullopt, pair(std::nullopt, std::nullopt)};
  EXPECT_EQ(rows_of(composite(kPair), values), (Rows{"null", "{a:null,b:null}"}));
}

TEST(DecodeComposite, WritesBehindEarlierBatches) {
  const auto mapping = composite(kPair);
  ArrayColumnView column(mapping.target, 130);
  const auto decoder = make_wire_decoder(mapping);
  for (std::size_t row = 0; row < 130; row += 2) {
    const FieldBlocks blocks({pair(wire(static_cast<std::int32_t>(row)), std::nullopt), std::nullopt});
    decoder->decode(blocks.fields(), column, row);
  }
  for (std::size_t row = 0; row < 130; row += 2) {
    EXPECT_EQ(column_text(column, mapping.target, row), "{a:" + std::to_string(row) + ",b:null}");
    EXPECT_EQ(column_text(column, mapping.target, row + 1), "null");
  }
}

TEST(DecodeComposite, ReadsCompositesAndListsInside) {
  const std::string best = pair(wire(1), "x");
  const std::string all = wire_array(kPair, {pair(wire(2), "y"), std::nullopt, pair(wire(3), std::nullopt)});
  const auto order = [](const std::optional<std::string>& first, const std::optional<std::string>& list) {
    return wire_composite({{oid::kInt8, wire(std::int64_t{7})},
                           {kPair, first},
                           {kPairArray, list},
                           {oid::kNumeric, encode_numeric("12.50")}});
  };
  EXPECT_EQ(
      rows_of(composite(kOrder), {order(best, all), order(std::nullopt, std::nullopt), std::nullopt,
                                  order(best, wire_array(kPair, {best}))}),
      (Rows{"{id:7,best:{a:1,b:x},all:[{a:2,b:y},null,{a:3,b:null}],price:12.50}",
            "{id:7,best:null,all:null,price:12.50}", "null", "{id:7,best:{a:1,b:x},all:[{a:1,b:x}],price:12.50}"}));
}

TEST(DecodeComposite, RefusesOtherNumbersOfFields) {
  const auto mapping = composite(kPair);
  EXPECT_EQ(complaint(mapping, wire_composite({{oid::kInt4, wire(1)}})),
            "corrupt: composite value of 1 fields, expected 2");
  EXPECT_EQ(complaint(mapping, wire_composite({})), "corrupt: composite value of 0 fields, expected 2");
  EXPECT_EQ(complaint(mapping, wire_composite({{oid::kInt4, {}}, {oid::kText, {}}, {oid::kText, {}}})),
            "corrupt: composite value of 3 fields, expected 2");
  EXPECT_EQ(complaint(mapping, wire(-1)), "corrupt: composite value of -1 fields, expected 2");
}

TEST(DecodeComposite, RefusesFieldsOfAnotherType) {
  EXPECT_EQ(complaint(composite(kPair), wire_composite({{oid::kInt4, wire(1)}, {oid::kVarchar, "x"}})),
            "corrupt: field b has a value of the type with OID 1043, expected 25");
  EXPECT_EQ(complaint(composite(kPair), wire_composite({{oid::kInt8, std::nullopt}, {oid::kText, "x"}})),
            "corrupt: field a has a value of the type with OID 20, expected 23");
}

TEST(DecodeComposite, RefusesBrokenLengths) {
  const auto mapping = composite(kPair);
  const std::string head = wire(2) + wire(oid::kInt4);
  EXPECT_EQ(complaint(mapping, head + wire(-2)), "corrupt: field a has length -2");
  EXPECT_EQ(complaint(mapping, head + wire(4) + "abc"),
            "corrupt: composite value: a length in the data leaves its value");
  EXPECT_EQ(complaint(mapping, head + wire(std::numeric_limits<std::int32_t>::max())),
            "corrupt: composite value: a length in the data leaves its value");
  EXPECT_EQ(complaint(mapping, pair(wire(1), "x") + "yz"),
            "corrupt: 2 bytes after the last field of a composite value");
}

TEST(DecodeComposite, RefusesEveryPrefix) {
  const std::string whole = wire_composite({{oid::kInt8, wire(std::int64_t{7})},
                                            {kPair, pair(wire(1), "x")},
                                            {kPairArray, wire_array(kPair, {pair(wire(2), "y"), std::nullopt})},
                                            {oid::kNumeric, encode_numeric("12.50")}});
  ASSERT_EQ(complaint(composite(kOrder), whole), "none");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(complaint(composite(kOrder), whole.substr(0, size)).substr(0, 8), "corrupt:") << size;
  }
}

TEST(DecodeComposite, NamesTheRowAndTheField) {
  const BadValue short_number = bad_value(composite(kPair), {pair(wire(1), "x"), std::nullopt, pair("ab", "x")});
  EXPECT_EQ(short_number.row, 2U);
  EXPECT_EQ(short_number.message, "field a: int4 of 2 bytes");
  const BadValue text = bad_value(composite(kPair), {pair(wire(1), "\xff")});
  EXPECT_EQ(text.message, "field b: text is not valid UTF-8 (byte 0xff at position 1)");
}

TEST(DecodeComposite, NamesThePathToAnUnrepresentablePart) {
  const auto order = [](const std::string& list, const std::string& price) {
    return wire_composite({{oid::kInt8, {}}, {kPair, {}}, {kPairArray, list}, {oid::kNumeric, price}});
  };
  const std::string sound = wire_array(kPair, {pair(wire(1), "x")});
  EXPECT_EQ(complaint(composite(kOrder), order(sound, encode_numeric("0.001"))),
            "unrepresentable: field price: a number with digits beyond the scale cannot be held by DECIMAL(9,2)");
  EXPECT_EQ(complaint(composite(kOrder), order(wire_array(kPair, {std::nullopt, pair("", "x")}), encode_numeric("1"))),
            "corrupt: field all: element 2: field a: int4 of 0 bytes");
}

TEST(DecodeComposite, NeedsTheMappingOfAComposite) {
  EXPECT_THROW(make_nested(make_composite_decoder, mapping_of(oid::kInt4)), Error);
  types::Mapping nameless = composite(kPair);
  nameless.fields.pop_back();
  EXPECT_THROW(make_nested(make_composite_decoder, nameless), Error);
  types::Mapping empty;
  empty.wire = types::Wire::kComposite;
  EXPECT_THROW(make_nested(make_composite_decoder, empty), Error);
}

}  // namespace
}  // namespace pg2duck::decode
