#include "types/map_type.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "types/read_expression.hpp"
#include "types/type_rules.hpp"

namespace pg2duck::types {
namespace {

using ::testing::HasSubstr;

constexpr Oid kInt4Array = 1007;
constexpr Oid kNumericArray = 1231;
constexpr Oid kNumrange = 3906;
constexpr Oid kAclitem = 1033;
constexpr Oid kAclitemArray = 1034;
constexpr Oid kMood = 90001;
constexpr Oid kPrice = 90002;
constexpr Oid kPriceArray = 90003;
constexpr Oid kCosts = 90004;
constexpr Oid kPair = 90005;
constexpr Oid kPairArray = 90006;
constexpr Oid kGranted = 90007;
constexpr Oid kGrantedArray = 90008;
constexpr Oid kTwins = 90009;
constexpr Oid kGeometry = 90010;
constexpr Oid kHstore = 90011;
constexpr Oid kVector = 90012;
constexpr Oid kMoodArray = 90013;
constexpr Oid kOdd = 90014;
constexpr Oid kOddArray = 90015;
constexpr Oid kAnyArray = 2277;

PgType base(Oid oid, const std::string& name) {
  PgType type;
  type.oid = oid;
  type.schema = "pg_catalog";
  type.name = name;
  type.output_function = "\"pg_catalog\".\"" + name + "out\"";
  return type;
}

PgType array_of(Oid oid, const std::string& name, Oid element) {
  PgType type = base(oid, name);
  type.element = element;
  type.output_function = "\"pg_catalog\".\"array_out\"";
  return type;
}

PgType domain_over(Oid oid, const std::string& name, Oid over, std::int32_t typmod) {
  PgType type = base(oid, name);
  type.typtype = 'd';
  type.base = over;
  type.base_typmod = typmod;
  return type;
}

PgType composite(Oid oid, const std::string& name, std::vector<PgField> fields) {
  PgType type = base(oid, name);
  type.typtype = 'c';
  type.fields = std::move(fields);
  type.output_function = "\"pg_catalog\".\"record_out\"";
  return type;
}

PgType of_extension(Oid oid, const std::string& extension, const std::string& name) {
  PgType type = base(oid, name);
  type.extension = extension;
  return type;
}

PgType without_binary_output(PgType type, bool casts_as_output) {
  type.has_binary_output = false;
  type.casts_as_output = casts_as_output;
  return type;
}

constexpr std::int32_t numeric_typmod(int precision, int scale) {
  return ((precision << 16) | (scale & 0x7ff)) + 4;
}

PgType kind(char typtype, PgType type, Oid subtype = 0) {
  type.typtype = typtype;
  type.range_subtype = subtype;
  return type;
}

TypeCatalog catalog() {
  TypeCatalog types;
  for (const PgType& type :
       {base(oid::kBool, "bool"),
        base(oid::kInt2, "int2"),
        base(oid::kInt4, "int4"),
        base(oid::kText, "text"),
        base(oid::kNumeric, "numeric"),
        base(oid::kBpchar, "bpchar"),
        base(oid::kJsonb, "jsonb"),
        base(oid::kInet, "inet"),
        base(oid::kMoney, "money"),
        base(oid::kPath, "path"),
        without_binary_output(base(kAclitem, "aclitem"), true),
        array_of(kAclitemArray, "_aclitem", kAclitem),
        array_of(oid::kInt2Vector, "int2vector", oid::kInt2),
        array_of(kInt4Array, "_int4", oid::kInt4),
        array_of(kNumericArray, "_numeric", oid::kNumeric),
        domain_over(kPrice, "price", oid::kNumeric, numeric_typmod(10, 2)),
        array_of(kPriceArray, "_price", kPrice),
        domain_over(kCosts, "costs", kPriceArray, -1),
        kind('r', base(kNumrange, "numrange"), oid::kNumeric),
        composite(kPair, "pair", {{"n", oid::kInt4, -1, 0}, {"price", oid::kNumeric, numeric_typmod(5, 1), 0}}),
        array_of(kPairArray, "_pair", kPair),
        composite(kGranted, "granted", {{"n", oid::kInt4, -1, 0}, {"acl \"x\"", kAclitem, -1, 0}}),
        array_of(kGrantedArray, "_granted", kGranted),
        composite(kTwins, "twins", {{"a", oid::kInt4, -1, 0}, {"A", oid::kInt4, -1, 0}}),
        of_extension(kGeometry, "postgis", "geometry"),
        of_extension(kHstore, "hstore", "hstore"),
        of_extension(kVector, "vector", "vector"),
        array_of(kMoodArray, "_mood", kMood),
        without_binary_output(base(kOdd, "odd"), false),
        array_of(kOddArray, "_odd", kOdd),
        kind('p', base(kAnyArray, "anyarray"))}) {
    types[type.oid] = type;
  }
  types[kMood] = kind('e', base(kMood, "mood"));
  types[kMood].labels = {"sad", "glad"};
  return types;
}

std::string target(Oid type, std::int32_t typmod = -1, const MappingChoice& choice = {}) {
  return map_type(catalog(), type, typmod, choice).target.sql();
}

std::string expression(Oid type, const MappingChoice& choice = {}) {
  return read_expression(map_type(catalog(), type, -1, choice), "\"c\"");
}

MappingChoice as(const std::string& name) {
  MappingChoice choice;
  choice.as = parse_chosen_type(name);
  return choice;
}

ValueProfile numbers(int integer_digits, int scale, int display_scale) {
  ValueProfile profile;
  profile.has_values = true;
  profile.integer_digits = integer_digits;
  profile.scale = scale;
  profile.display_scale = display_scale;
  return profile;
}

TEST(Mapping, KeepsNumericsThatFit) {
  EXPECT_EQ(target(oid::kNumeric, numeric_typmod(15, 2)), "DECIMAL(15,2)");
  EXPECT_EQ(target(oid::kNumeric, numeric_typmod(38, 38)), "DECIMAL(38,38)");
  EXPECT_EQ(target(oid::kNumeric, numeric_typmod(3, 5)), "DECIMAL(5,5)");
  EXPECT_EQ(target(oid::kNumeric, numeric_typmod(3, -2)), "DECIMAL(5,0)");
  EXPECT_FALSE(is_adaptive(map_type(catalog(), oid::kNumeric, numeric_typmod(15, 2))));
}

TEST(Mapping, ChoosesTheDecimalThatHoldsWhatWasSeen) {
  for (const std::int32_t typmod : {-1, numeric_typmod(39, 0), numeric_typmod(1000, 2), numeric_typmod(38, -1)}) {
    EXPECT_EQ(target(oid::kNumeric, typmod), "DECIMAL(38,9)");
    EXPECT_TRUE(is_adaptive(map_type(catalog(), oid::kNumeric, typmod)));
  }
  MappingChoice choice;
  choice.profile = {numbers(10, 2, 4)};
  EXPECT_EQ(target(oid::kNumeric, -1, choice), "DECIMAL(38,4)");
  choice.profile = {numbers(36, 2, 4)};  // The zeros that Postgres prints do not fit any more.
  EXPECT_EQ(target(oid::kNumeric, -1, choice), "DECIMAL(38,2)");
  choice.profile = {numbers(37, 2, 2)};
  EXPECT_EQ(target(oid::kNumeric, -1, choice), "VARCHAR");
  EXPECT_EQ(map_type(catalog(), oid::kNumeric, -1, choice).wire, Wire::kNumericText);
  choice.profile = {numbers(1, 0, 0)};
  choice.profile[0].has_special = true;
  EXPECT_EQ(target(oid::kNumeric, -1, choice), "VARCHAR");
  choice.finite = true;
  EXPECT_EQ(target(oid::kNumeric, -1, choice), "DECIMAL(38,0)");
  EXPECT_EQ(map_type(catalog(), oid::kNumeric, -1, choice).fit, Fit::kAdaptiveFinite);
  choice.final = true;
  EXPECT_FALSE(is_adaptive(map_type(catalog(), oid::kNumeric, -1, choice)));
}

TEST(Mapping, MakesOfNumericWhatIsAskedFor) {
  MappingChoice choice;
  choice.numeric = *parse_numeric_target("varchar");
  EXPECT_EQ(target(oid::kNumeric, -1, choice), "VARCHAR");
  EXPECT_EQ(target(oid::kNumeric, numeric_typmod(15, 2), choice), "DECIMAL(15,2)");
  choice.numeric = *parse_numeric_target("decimal(20, 3)");
  EXPECT_EQ(target(oid::kNumeric, -1, choice), "DECIMAL(20,3)");
  choice.numeric = *parse_numeric_target("DOUBLE");
  EXPECT_EQ(target(oid::kNumeric, -1, choice), "DOUBLE");
  EXPECT_EQ(expression(oid::kNumeric, choice), "(\"c\")::pg_catalog.float8");
  EXPECT_EQ(expression(kNumericArray, choice), "(\"c\")::pg_catalog.float8[]");
  for (const char* bad : {"", "decimal", "decimal(39,0)", "decimal(3,4)", "decimal(3", "text", "decimal(-1)"}) {
    EXPECT_FALSE(parse_numeric_target(bad)) << bad;
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
  EXPECT_EQ(read_expression(mapping, "c"), "c");
}

TEST(Mapping, MakesListsOfArrays) {
  EXPECT_EQ(target(kInt4Array), "INTEGER[]");
  EXPECT_EQ(map_type(catalog(), kInt4Array, -1).children[0].type, oid::kInt4);
  EXPECT_EQ(target(kNumericArray, numeric_typmod(9, 3)), "DECIMAL(9,3)[]");
  EXPECT_EQ(target(kPriceArray), "DECIMAL(10,2)[]");
  // The element OID on the wire is the domain's, though its bytes are the base type's.
  EXPECT_EQ(map_type(catalog(), kPriceArray, -1).children[0].type, kPrice);
  EXPECT_EQ(target(kCosts), "DECIMAL(10,2)[]");
  EXPECT_EQ(target(oid::kInt2Vector), "SMALLINT[]");
  EXPECT_EQ(map_type(catalog(), oid::kInt2Vector, -1).lower_bound, 0);
}

TEST(Mapping, MakesArraysAsDeepAsTheirValues) {
  MappingChoice choice;
  choice.dimensions = 2;
  EXPECT_EQ(target(kInt4Array, -1, choice), "INTEGER[][]");
  ValueProfile deep;
  deep.has_values = true;
  deep.least_dimensions = deep.most_dimensions = 3;
  choice.profile = {deep};
  EXPECT_EQ(target(kInt4Array, -1, choice), "INTEGER[][][]");
  choice.profile[0].least_dimensions = 1;
  EXPECT_EQ(target(kInt4Array, -1, choice), "INTEGER[][]") << "no depth holds all";
}

TEST(Mapping, GivesEveryAdaptiveNodeItsSlot) {
  const Mapping mapping = map_type(catalog(), kNumericArray, -1);
  EXPECT_EQ(mapping.slot, 0U);
  EXPECT_EQ(mapping.children[0].slot, 1U);
  MappingChoice choice;
  choice.profile = {{}, numbers(5, 1, 1)};
  EXPECT_EQ(target(kNumericArray, -1, choice), "DECIMAL(38,1)[]");
  choice.profile = {numbers(5, 1, 3)};
  EXPECT_EQ(target(kNumrange, -1, choice),
            "STRUCT(\"lower\" DECIMAL(38,3), \"upper\" DECIMAL(38,3), \"lower_inc\" BOOLEAN, \"upper_inc\" BOOLEAN, "
            "\"empty\" BOOLEAN)");
}

TEST(Mapping, MakesStructsOfComposites) {
  EXPECT_EQ(target(kPair), "STRUCT(\"n\" INTEGER, \"price\" DECIMAL(5,1))");
  EXPECT_EQ(target(kPairArray), "STRUCT(\"n\" INTEGER, \"price\" DECIMAL(5,1))[]");
  EXPECT_EQ(target(oid::kPath), "STRUCT(\"closed\" BOOLEAN, \"points\" STRUCT(\"x\" DOUBLE, \"y\" DOUBLE)[])");
}

TEST(Mapping, SendsWhatHasNoBinaryFormAsText) {
  EXPECT_EQ(target(kAclitem), "VARCHAR");
  EXPECT_EQ(expression(kAclitem), "pg_catalog.textin(\"pg_catalog\".\"aclitemout\"(\"c\"))");
  EXPECT_EQ(map_type(catalog(), kAclitem, -1).note, "aclitem: sent as text");
  EXPECT_EQ(target(kAclitemArray), "VARCHAR[]");
  EXPECT_EQ(expression(kAclitemArray), "(\"c\")::pg_catalog.text[]");
  EXPECT_EQ(map_type(catalog(), kAclitemArray, -1).children[0].type, oid::kText);
  EXPECT_EQ(target(kGranted), "STRUCT(\"n\" INTEGER, \"acl \"\"x\"\"\" VARCHAR)");
  EXPECT_EQ(expression(kGranted),
            "CASE WHEN (\"c\") IS DISTINCT FROM NULL THEN ROW((\"c\").\"n\", pg_catalog.textin("
            "\"pg_catalog\".\"aclitemout\"((\"c\").\"acl \"\"x\"\"\"))) END");
  // No expression puts an array of composites together again and keeps its bounds.
  EXPECT_EQ(target(kGrantedArray), "VARCHAR");
  EXPECT_EQ(expression(kGrantedArray), "pg_catalog.textin(\"pg_catalog\".\"array_out\"(\"c\"))");
  // Its cast to text would print something else than its output function.
  EXPECT_EQ(target(kOddArray), "VARCHAR");
  // STRUCT does not tell its fields apart by case.
  EXPECT_EQ(target(kTwins), "VARCHAR");
  EXPECT_THAT(map_type(catalog(), kTwins, -1).note, HasSubstr("differ only in case"));
}

TEST(Mapping, MakesEnumsOnRequest) {
  EXPECT_EQ(target(kMood), "VARCHAR");
  EXPECT_EQ(target(kMood, -1, as("enum")), "ENUM('sad', 'glad')");
  EXPECT_EQ(target(kMoodArray, -1, as("enum")), "ENUM('sad', 'glad')[]");
  EXPECT_THROW(target(oid::kInt4, -1, as("enum")), Error);
}

TEST(Mapping, CastsOnRequest) {
  EXPECT_EQ(target(oid::kInt4, -1, as("bigint")), "BIGINT");
  EXPECT_EQ(expression(oid::kInt4, as("bigint")), "(\"c\")::pg_catalog.int8");
  EXPECT_EQ(expression(oid::kInt4, as("integer")), "\"c\"");
  EXPECT_EQ(target(oid::kInt4, -1, as("Decimal(12,2)")), "DECIMAL(12,2)");
  EXPECT_EQ(expression(oid::kInt4, as("decimal(12,2)")), "(\"c\")::pg_catalog.numeric");
  EXPECT_EQ(expression(kPrice, as("decimal(12,2)")), "\"c\"") << "exact or refused, not rounded by a cast";
  EXPECT_EQ(expression(oid::kInet, as("varchar")), "pg_catalog.textin(\"pg_catalog\".\"inetout\"(\"c\"))");
  EXPECT_THROW(target(oid::kText, -1, as("auto")), Error);
  EXPECT_FALSE(parse_chosen_type("blobb"));
}

TEST(Mapping, KnowsTypesOfExtensions) {
  EXPECT_EQ(target(kHstore), "MAP(VARCHAR, VARCHAR)");
  EXPECT_EQ(target(kVector), "FLOAT[]");
  EXPECT_EQ(target(kVector, 3), "FLOAT[3]");
  EXPECT_EQ(target(kGeometry), "GEOMETRY");
  EXPECT_EQ(target(kGeometry, 4326 << 8), "GEOMETRY");
  EXPECT_EQ(map_type(catalog(), kGeometry, 4326 << 8).srid, 4326U);
  EXPECT_EQ(map_type(catalog(), kGeometry, 3857 << 8).note, "SRID 3857");
  MappingChoice choice;
  ValueProfile mixed;
  mixed.has_values = mixed.is_mixed = true;
  choice.profile = {mixed};
  EXPECT_EQ(target(kGeometry, -1, choice), "BLOB");
}

TEST(Mapping, ListsTheTypesItKnows) {
  const std::vector<std::string> names = known_type_names();
  EXPECT_TRUE(std::ranges::is_sorted(names));
  for (const char* name : {"bool", "numeric", "hstore.hstore", "postgis.geometry", "path", "composite"}) {
    EXPECT_TRUE(std::ranges::count(names, name) == 1) << name;
  }
}

TEST(Mapping, RefusesPseudoTypesAndUnknownOids) {
  EXPECT_THROW(map_type(catalog(), kAnyArray, -1), Error);
  EXPECT_THROW(map_type(catalog(), 123456, -1), Error);
}

TEST(Mapping, SuspectsOnlyWhatCanFail) {
  EXPECT_FALSE(may_be_unrepresentable(map_type(catalog(), oid::kInt4, -1)));
  EXPECT_TRUE(may_be_unrepresentable(map_type(catalog(), kPair, -1)));
  EXPECT_TRUE(may_be_unrepresentable(map_type(catalog(), kInt4Array, -1)));
}

TEST(ValueProfile, SurvivesTheLedger) {
  ValueProfile geometry;
  geometry.has_values = true;
  geometry.srid = 4326;
  ValueProfile array;
  array.least_dimensions = 1;
  array.most_dimensions = 2;
  const ColumnProfile profile = {numbers(5, 2, 3), geometry, array};
  EXPECT_EQ(parse_profile(to_text(profile)), profile);
  EXPECT_TRUE(parse_profile("").empty());
  EXPECT_TRUE(parse_profile("nonsense").empty());
  EXPECT_TRUE(parse_profile("1 2 3").empty());
}

TEST(ValueProfile, Merges) {
  ColumnProfile one = {numbers(5, 2, 3)};
  merge(one, {numbers(4, 6, 6)});
  EXPECT_EQ(one[0], numbers(5, 6, 6));
  merge(one, {});
  EXPECT_EQ(one[0], numbers(5, 6, 6));
  merge(one, {numbers(1, 1, 1), {}});
  EXPECT_EQ(one.size(), 2U) << "another type, of which the old profile says nothing";
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

}  // namespace
}  // namespace pg2duck::types
