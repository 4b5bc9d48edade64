#include "source/catalog/value_origin.hpp"

#include <gtest/gtest.h>

namespace pg2duck::source {
namespace {

constexpr types::Oid kEnum = 20001;
constexpr types::Oid kPair = 20002;
constexpr types::Oid kDomain = 20003;

/// A table of one column with all that can be told of it.
struct Case {
  CatalogTable table;
  CatalogColumn column;
  types::TypeCatalog types;

  Case() {
    table.leaves = {{.oid = 71, .name = {"public", "younger"}, .file = 1},
                    {.oid = 70, .name = {"public", "t"}, .file = 2}};
    column = {.name = "c", .number = 1, .type = kDomain, .generated_as = "a + 1", .written = "900"};
    types[kEnum] = {.oid = kEnum, .schema = "public", .name = "color", .typtype = 'e'};
    types[kEnum].labels = {"red", "line\nend"};
    types[kEnum].label_oids = {501, 502};
    types[kPair] = {.oid = kPair, .schema = "public", .name = "pair", .typtype = 'c'};
    types[kPair].fields = {{.name = "hue", .type = kEnum, .type_display = "public.color"}};
    types[kDomain] = {.oid = kDomain, .schema = "public", .name = "d", .typtype = 'd', .base = kPair};
    types[kDomain].base_display = "public.pair";
  }

  [[nodiscard]] std::string origin() const { return value_origin(table, column, types); }
};

TEST(ValueOrigin, NothingHasChanged) {
  EXPECT_EQ(origin_change(Case().origin(), Case().origin(), false), "");
  EXPECT_EQ(origin_change("", Case().origin(), false), "");
}

TEST(ValueOrigin, ALabelThatIsCalledOtherwise) {
  Case now;
  now.types[kEnum].labels = {"crimson", "line\nend"};
  EXPECT_EQ(origin_change(Case().origin(), now.origin(), false), "label red of type public.color is crimson now");
  now.types[kEnum].labels = {"red", "line end"};
  EXPECT_EQ(origin_change(Case().origin(), now.origin(), false),
            "label line\\nend of type public.color is line end now");
}

TEST(ValueOrigin, ALabelMoreMeansNothing) {
  Case now;
  now.types[kEnum].labels = {"new", "red", "line\nend"};
  now.types[kEnum].label_oids = {503, 501, 502};
  EXPECT_EQ(origin_change(Case().origin(), now.origin(), false), "");
  EXPECT_EQ(origin_change(now.origin(), Case().origin(), false), "type public.color has other labels now");
}

TEST(ValueOrigin, FieldsOfAComposite) {
  Case now;
  now.types[kPair].fields.push_back({.name = "more", .type = 0, .type_display = "integer"});
  EXPECT_EQ(origin_change(Case().origin(), now.origin(), false), "");
  EXPECT_EQ(origin_change(now.origin(), Case().origin(), false), "public.pair.more is no field any more");
  now.types[kPair].fields[0].type_display = "text";
  EXPECT_EQ(origin_change(Case().origin(), now.origin(), false),
            "field public.pair.hue was public.color and is text now");
}

TEST(ValueOrigin, ExpressionsAndBaseTypes) {
  Case now;
  now.column.generated_as = "a + 2";
  EXPECT_EQ(origin_change(Case().origin(), now.origin(), false), "it was generated as a + 1 and is as a + 2 now");
  now.column.generated_as = "";  // DROP EXPRESSION keeps the values
  EXPECT_EQ(origin_change(Case().origin(), now.origin(), false), "");
  now.types[kDomain].base_display = "text";
  EXPECT_EQ(origin_change(Case().origin(), now.origin(), false), "domain public.d was public.pair and is text now");
}

TEST(ValueOrigin, TheQueryOfAView) {
  Case was;
  Case now;
  was.table.query = "1";
  now.table.query = "2";
  EXPECT_EQ(origin_change(was.origin(), now.origin(), false), "the view has another query now");
}

TEST(ValueOrigin, OnlyAnotherFileAndAnotherRowOfTheCatalogMeanThatAllWasWrittenAnew) {
  Case vacuumed;
  vacuumed.table.leaves[1].file = 3;
  EXPECT_EQ(origin_change(Case().origin(), vacuumed.origin(), false), "");
  Case set;
  set.column.written = "901";
  EXPECT_EQ(origin_change(Case().origin(), set.origin(), false), "");
  set.table.leaves[1].file = 3;
  EXPECT_EQ(origin_change(Case().origin(), set.origin(), false),
            "it was written anew, by ALTER COLUMN … TYPE or the like");
  // A rename explains the row of the catalog, and any column of another type the file.
  EXPECT_EQ(origin_change(Case().origin(), set.origin(), true), "");
}

}  // namespace
}  // namespace pg2duck::source
