#include <gtest/gtest.h>

#include "base/error.hpp"
#include "types/mapping.hpp"

namespace pg2duck::types {
namespace {

constexpr Oid kInt4Array = 1007;
constexpr Oid kNumericArray = 1231;
constexpr Oid kInet = 869;
constexpr Oid kInetArray = 1041;
constexpr Oid kMood = 90001;
constexpr Oid kPrice = 90002;
constexpr Oid kPriceArray = 90003;
constexpr Oid kCosts = 90004;
constexpr Oid kAnyArray = 2277;

PgType base(Oid oid, const std::string& name) {
  PgType type;
  type.oid = oid;
  type.schema = "pg_catalog";
  type.name = name;
  return type;
}

PgType array_of(Oid oid, const std::string& name, Oid element) {
  PgType type = base(oid, name);
  type.element = element;
  return type;
}

PgType domain_over(Oid oid, const std::string& name, Oid over, std::int32_t typmod) {
  PgType type = base(oid, name);
  type.typtype = 'd';
  type.base = over;
  type.base_typmod = typmod;
  return type;
}

constexpr std::int32_t numeric_typmod(int precision, int scale) {
  return ((precision << 16) | (scale & 0x7ff)) + 4;
}

TypeCatalog catalog() {
  TypeCatalog types;
  for (const PgType& type :
       {base(oid::kBool, "bool"), base(oid::kInt4, "int4"), base(oid::kText, "text"), base(oid::kNumeric, "numeric"),
        base(oid::kBpchar, "bpchar"), base(oid::kJsonb, "jsonb"), base(kInet, "inet"),
        array_of(kInt4Array, "_int4", oid::kInt4), array_of(kNumericArray, "_numeric", oid::kNumeric),
        array_of(kInetArray, "_inet", kInet), domain_over(kPrice, "price", oid::kNumeric, numeric_typmod(10, 2)),
        array_of(kPriceArray, "_price", kPrice), domain_over(kCosts, "costs", kPriceArray, -1)}) {
    types[type.oid] = type;
  }
  types[kMood] = base(kMood, "mood");
  types[kMood].typtype = 'e';
  types[kAnyArray] = base(kAnyArray, "anyarray");
  types[kAnyArray].typtype = 'p';
  return types;
}

TEST(Mapping, KeepsNumericsThatFit) {
  EXPECT_EQ(map_type(catalog(), oid::kNumeric, numeric_typmod(15, 2)).target.sql(), "DECIMAL(15,2)");
  EXPECT_EQ(map_type(catalog(), oid::kNumeric, numeric_typmod(38, 38)).target.sql(), "DECIMAL(38,38)");
  EXPECT_EQ(map_type(catalog(), oid::kNumeric, numeric_typmod(3, 5)).target.sql(), "DECIMAL(5,5)");
  EXPECT_EQ(map_type(catalog(), oid::kNumeric, numeric_typmod(3, -2)).target.sql(), "DECIMAL(5,0)");
}

TEST(Mapping, SendsWiderNumericsAsExactText) {
  for (const std::int32_t typmod : {-1, numeric_typmod(39, 0), numeric_typmod(1000, 2), numeric_typmod(38, -1)}) {
    const Mapping mapping = map_type(catalog(), oid::kNumeric, typmod);
    EXPECT_EQ(mapping.target.sql(), "VARCHAR");
    EXPECT_EQ(mapping.cast, "::pg_catalog.text");
    EXPECT_FALSE(mapping.note.empty());
  }
}

TEST(Mapping, DecodesNegativeScales) {
  EXPECT_EQ(numeric_modifier(numeric_typmod(3, -2)).scale, -2);
  EXPECT_EQ(numeric_modifier(numeric_typmod(1000, -1000)).scale, -1000);
  EXPECT_EQ(numeric_modifier(numeric_typmod(1, 1000)).scale, 1000);
  EXPECT_EQ(numeric_modifier(numeric_typmod(1000, 0)).precision, 1000);
}

TEST(Mapping, FollowsDomainsToTheirBaseWithItsModifier) {
  const Mapping mapping = map_type(catalog(), kPrice, -1);
  EXPECT_EQ(mapping.wire, Wire::kNumeric);
  EXPECT_EQ(mapping.target.sql(), "DECIMAL(10,2)");
  EXPECT_TRUE(mapping.cast.empty());
}

TEST(Mapping, MakesListsOfArrays) {
  EXPECT_EQ(map_type(catalog(), kInt4Array, -1).target.sql(), "INTEGER[]");
  EXPECT_EQ(map_type(catalog(), kInt4Array, -1).element, oid::kInt4);
  EXPECT_EQ(map_type(catalog(), kNumericArray, numeric_typmod(9, 3)).target.sql(), "DECIMAL(9,3)[]");
  EXPECT_EQ(map_type(catalog(), kPriceArray, -1).target.sql(), "DECIMAL(10,2)[]");
  // The element OID on the wire is the domain's, though its bytes are the base type's.
  EXPECT_EQ(map_type(catalog(), kPriceArray, -1).element, kPrice);
  EXPECT_EQ(map_type(catalog(), kCosts, -1).target.sql(), "DECIMAL(10,2)[]");
}

TEST(Mapping, SendsArraysOfTextTypesAsTextArrays) {
  for (const Mapping& mapping : {map_type(catalog(), kInetArray, -1), map_type(catalog(), kNumericArray, -1)}) {
    EXPECT_EQ(mapping.target.sql(), "VARCHAR[]");
    EXPECT_EQ(mapping.cast, "::pg_catalog.text[]");
    EXPECT_EQ(mapping.element, oid::kText);
    EXPECT_TRUE(mapping.children.front().cast.empty());
    EXPECT_FALSE(mapping.note.empty());
  }
}

TEST(Mapping, SendsUnknownTypesAsTextAndSaysSo) {
  const Mapping mapping = map_type(catalog(), kInet, -1);
  EXPECT_EQ(mapping.target.sql(), "VARCHAR");
  EXPECT_EQ(mapping.cast, "::pg_catalog.text");
  EXPECT_EQ(mapping.note, "inet: sent as text");
}

TEST(Mapping, ReadsEnumLabelsWithoutACast) {
  const Mapping mapping = map_type(catalog(), kMood, -1);
  EXPECT_EQ(mapping.wire, Wire::kText);
  EXPECT_TRUE(mapping.cast.empty());
}

TEST(Mapping, RefusesPseudoTypesAndUnknownOids) {
  EXPECT_THROW(map_type(catalog(), kAnyArray, -1), Error);
  EXPECT_THROW(map_type(catalog(), 123456, -1), Error);
}

TEST(DuckType, PrintsNestedTypes) {
  DuckType type;
  type.id = DuckTypeId::kStruct;
  type.names = {"a", "b\"c"};
  type.children = {DuckType::decimal(9, 3), DuckType::list({})};
  EXPECT_EQ(type.sql(), "STRUCT(\"a\" DECIMAL(9,3), \"b\"\"c\" VARCHAR[])");
  DuckType mood;
  mood.id = DuckTypeId::kEnum;
  mood.names = {"it's", "fine"};
  EXPECT_EQ(mood.sql(), "ENUM('it''s', 'fine')");
}

TEST(PgTypeDisplay, WritesTypesAsPostgresDoes) {
  EXPECT_EQ(pg_type_display(catalog(), oid::kNumeric, numeric_typmod(15, 2)), "numeric(15,2)");
  EXPECT_EQ(pg_type_display(catalog(), kInt4Array, -1), "int4[]");
  EXPECT_EQ(pg_type_display(catalog(), oid::kBpchar, 14), "bpchar(10)");
}

}  // namespace
}  // namespace pg2duck::types
