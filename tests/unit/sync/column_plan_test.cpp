#include <gtest/gtest.h>

#include "support/plan/plan_aspects.hpp"

namespace pg2duck::test {
namespace {

const Given kOrders("id int4 key, total numeric(10,2) not null, note text");

TEST(ColumnPlan, TakesEachColumnWithItsType) {
  expect_each(columns,
              {
                  {"as they are", kOrders, "id INTEGER NOT NULL, total DECIMAL(10,2) NOT NULL, note VARCHAR"},
                  {"with its key", kOrders.with("primary_keys"),
                   "id INTEGER NOT NULL, total DECIMAL(10,2) NOT NULL, note VARCHAR; key id"},
                  {"numeric without a bound", Given("n numeric"), "n DECIMAL(38,9)"},
                  {"numeric as double", Given("n numeric").with("numeric=double"), "n DOUBLE"},
                  {"numeric as text", Given("n numeric").with("numeric=varchar"), "n VARCHAR"},
                  {"numeric with a bound stays", Given("n numeric(5,1)").with("numeric=double"), "n DECIMAL(5,1)"},
                  {"an array", Given("tags int4[]"), "tags INTEGER[]"},
                  {"no column at all", Given(""), "_pg2duck_no_columns BOOLEAN"},
              });
}

TEST(ColumnPlan, KnowsWhatValuesHaveShownBefore) {
  const Given numbers = Given("n numeric").copied();
  expect_each(columns,
              {
                  {"nothing", numbers, "n DECIMAL(38,9)"},
                  {"two digits after the point", numbers.profile("n", "1 5 2 2 0 0 0 -1 0"), "n DECIMAL(38,2)"},
                  {"too many digits", numbers.profile("n", "1 30 20 20 0 0 0 -1 0"), "n VARCHAR"},
                  {"text that is no profile", numbers.profile("n", "?"), "n DECIMAL(38,9)"},
              });
}

TEST(ColumnPlan, KeepsRulesOfColumns) {
  expect_each(
      columns,
      {
          {"one is left out", kOrders.column("note=exclude"), "id INTEGER NOT NULL, total DECIMAL(10,2) NOT NULL"},
          {"all but one", kOrders.column("*=exclude").column("id=include"), "id INTEGER NOT NULL"},
          {"whatever else is said of it",
           kOrders.column("note=exclude").column("note=rename remark").column("note=unrepresentable null"),
           "id INTEGER NOT NULL, total DECIMAL(10,2) NOT NULL"},
          {"another name", kOrders.column("note=rename remark"),
           "id INTEGER NOT NULL, total DECIMAL(10,2) NOT NULL, remark VARCHAR"},
          {"another type", kOrders.column("total=varchar"),
           "id INTEGER NOT NULL, total VARCHAR NOT NULL, note VARCHAR"},
          {"the last rule counts", kOrders.column("id=varchar").column("id=bigint"),
           "id BIGINT NOT NULL, total DECIMAL(10,2) NOT NULL, note VARCHAR"},
          {"a pattern is about the columns that it can be about", kOrders.column("*=enum"),
           "id INTEGER NOT NULL, total DECIMAL(10,2) NOT NULL, note VARCHAR"},
          {"auto takes the table's numeric back", Given("n numeric").with("numeric=double").column("n=auto"),
           "n DECIMAL(38,9)"},
          {"a rule of another table", kOrders.copied_before("public.other").rule("other.note=exclude"),
           "id INTEGER NOT NULL, total DECIMAL(10,2) NOT NULL, note VARCHAR"},
      });
}

TEST(ColumnPlan, MakesRoomForWhatCannotBeHeld) {
  const Given numbers("id int4 key, n numeric(5,1) not null");
  expect_each(columns,
              {
                  {"an error: it stays NOT NULL", numbers, "id INTEGER NOT NULL, n DECIMAL(5,1) NOT NULL"},
                  {"NULL: no promise any more", numbers.column("n=unrepresentable null"),
                   "id INTEGER NOT NULL, n DECIMAL(5,1)"},
                  {"its text beside it", numbers.column("n=unrepresentable text"),
                   "id INTEGER NOT NULL, n DECIMAL(5,1), n__text VARCHAR"},
                  {"beside its new name", numbers.column("n=rename m, unrepresentable text"),
                   "id INTEGER NOT NULL, m DECIMAL(5,1), m__text VARCHAR"},
                  {"what fits always needs none", numbers.column("id=unrepresentable text"),
                   "id INTEGER NOT NULL, n DECIMAL(5,1) NOT NULL"},
                  {"for the whole run", numbers.run("unrepresentable=text"),
                   "id INTEGER NOT NULL, n DECIMAL(5,1), n__text VARCHAR"},
                  {"a rule against the run", numbers.run("unrepresentable=text").column("n=unrepresentable error"),
                   "id INTEGER NOT NULL, n DECIMAL(5,1) NOT NULL"},
              });
}

TEST(ColumnPlan, TakesWhatAnExpressionGives) {
  const Given doubled = kOrders.column("total=expression total * 2").bound("total", types::DuckTypeId::kDouble);
  expect_each(columns,
              {
                  {"of its type, and it may give NULL", doubled, "id INTEGER NOT NULL, total DOUBLE, note VARCHAR"},
                  {"of what cannot be held, too", doubled.run("unrepresentable=null"),
                   "id INTEGER NOT NULL, total DOUBLE, note VARCHAR"},
              });
  expect_each(refusal, {{"nor is that refused", doubled.run("unrepresentable=null"), "accepted"}});
}

TEST(ColumnPlan, SelectsWhatTheTypesNeed) {
  expect_each(selected, {
                            {"as they are", kOrders, R"("id", "total", "note")"},
                            {"a cast", kOrders.column("id=bigint"), R"(("id")::pg_catalog.int8, "total", "note")"},
                            {"as Postgres prints it", kOrders.column("id=varchar").column("total=exclude"),
                             R"(pg_catalog.textin(pg_catalog.int4out("id")), "note")"},
                            {"odd names are quoted", Given(R"(a"b int4)"), R"("a""b")"},
                            {"nothing", Given(""), ""},
                        });
}

TEST(ColumnPlan, CarriesKeysOver) {
  const Given two("a int4 key, b int4 key, c text");
  const Given keyed = two.with("primary_keys");
  expect_each(columns, {
                           {"both columns, in their order", keyed,
                            "a INTEGER NOT NULL, b INTEGER NOT NULL, c VARCHAR; key a, b"},
                           {"under their names", keyed.column("b=rename k"),
                            "a INTEGER NOT NULL, k INTEGER NOT NULL, c VARCHAR; key a, k"},
                           {"none, when a part is missing", keyed.column("b=exclude"), "a INTEGER NOT NULL, c VARCHAR"},
                           {"none, when nobody wants it", two, "a INTEGER NOT NULL, b INTEGER NOT NULL, c VARCHAR"},
                       });
  expect_each(
      warnings,
      {
          {"carried over", keyed, "none"},
          {"a part is missing", keyed.column("b=exclude"), "its primary key is not carried over: column b is left out"},
          {"a part is made otherwise", keyed.column("b=expression b + 1").bound("b", types::DuckTypeId::kInteger),
           "its primary key is not carried over: column b is transformed"},
          {"nobody wants it", two.column("b=exclude"), "none"},
          {"no column", Given(""),
           "the table has no columns: the target gets one named _pg2duck_no_columns, always NULL, so "
           "that its rows can be counted"},
      });
}

TEST(ColumnPlan, RefusesWhatCannotBeCopied) {
  expect_each(
      refusal,
      {
          {"all is left out", kOrders.column("*=exclude"), "all of its columns are left out"},
          {"names that DuckDB takes for one", Given("id int4, ID int4"),
           R"(columns "id" and "ID" differ only in case, which DuckDB does not tell apart)"},
          {"unless one has another name", Given("id int4, ID int4").column(R"("ID"=rename id2)"), "accepted"},
          {"a side text of a name that is there",
           Given("n numeric(5,1), n__text text").column("n=unrepresentable text"),
           R"(columns "n__text" and "n__text" differ only in case, which DuckDB does not tell apart)"},
          {"a type that the catalog does not know", Given("id int4, x odd"),
           "type with OID 424242 is not in the catalog"},
          {"unless it is left out", Given("id int4, x odd").column("x=exclude"), "accepted"},
          {"a type that it cannot become", kOrders.column("note=enum"),
           "type text cannot become ENUM: it is not an enum"},
          {"the text of what is hidden", kOrders.run("unrepresentable=text").column("total=expression total * 2"),
           "the text of a value would stand beside what its expression makes of it"},
      });
  expect_each(advice, {
                          {"all is left out", kOrders.column("*=exclude"), "leave the table out with --exclude"},
                          {"names that DuckDB takes for one", Given("id int4, ID int4"),
                           R"(give one of them another name: --column 'public.t."ID"=rename NAME')"},
                      });
}

TEST(ColumnPlan, LeavesNoRuleUnused) {
  expect_each(misfit, {
                          {"a column that is there", kOrders.column("note=varchar"), ""},
                          {"a table that is refused has the more important error",
                           kOrders.row_security().column("nots=varchar"), ""},
                          {"a table that was copied and may be gone",
                           kOrders.copied_before("public.old").rule("public.old.x=exclude"), ""},
                          {"a filter for it", kOrders.copied_before("public.old").where("public.old=true"), ""},
                          {"a section for it", kOrders.copied_before("public.old").section("public.old"), ""},
                          {"a filter that may be idle", kOrders.where("public.tt=true", true), ""},
                      });
  expect_part(misfit,
              {
                  {"a spelling", kOrders.column("nots=varchar"),
                   "column rule 'public.t.nots=varchar' matches no column of the tables to copy | nearest: t.note"},
                  {"of a table that was copied before", kOrders.copied().column("nots=varchar"),
                   "column rule 'public.t.nots=varchar' matches no column of the tables to copy"},
                  {"a section for another table", kOrders.section("public.tt"),
                   "[table.public.tt] matches none of the tables to copy | did you mean public.t?"},
                  {"another table", kOrders.rule("public.u.note=varchar"),
                   "matches no column of the tables to copy | nearest: t.note"},
                  {"a filter for another table", kOrders.where("public.tt=true"),
                   "row filter 'public.tt=true' matches none of the tables to copy | did you mean public.t?"},
              });
}

}  // namespace
}  // namespace pg2duck::test
