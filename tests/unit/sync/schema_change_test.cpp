#include <gtest/gtest.h>

#include "support/plan/plan_aspects.hpp"

namespace pg2duck::test {
namespace {

const Given kNow("id int4 key, total numeric(10,2), note text");

TEST(SchemaChanges, AreToldOfACopy) {
  expect_each(
      changes,
      {
          {"no copy", kNow, "none"},
          {"the same", kNow.copied("id int4 key, total numeric(10,2), note text"), "none"},
          {"the columns of versions", kNow.copied().versions().with("mode=merge strategy=scd2"), "none"},
          {"a table that nobody knows", kNow.untracked_table(), "none"},
          {"a new column", kNow.copied("id int4 key, total numeric(10,2)"), "column note (text) is new"},
          {"one between others", Given("id int4 key, x int4 #4, note text #2").copied("id int4 key, note text"),
           "column x (integer) is new"},
          {"a column that is gone", kNow.copied("id int4 key, total numeric(10,2), note text, old date"),
           "column old (date) is gone; the copy loses it too"},
          {"a kept copy keeps it",
           kNow.copied("id int4 key, total numeric(10,2), note text, old date").with("mode=append cursor=none"),
           "column old (date) is gone; the copy keeps it, with NULL in rows that are added"},
          {"another name", kNow.copied("id int4 key, total numeric(10,2), remark text"),
           "column remark is called note now"},
          {"which is its name in the copy", kNow.copied("id int4 key, total numeric(10,2), remark text as note"),
           "column remark is called note now; it stays note in the copy"},
          {"another type", kNow.copied("id int4 key, total numeric(8,2), note text"),
           "column total: numeric(8,2) has become numeric(10,2)"},
          {"it may be NULL now", kNow.copied("id int4 key, total numeric(10,2) not null, note text"),
           "column total may be NULL now"},
          {"it is NOT NULL now", kNow.copied("id int4, total numeric(10,2), note text"), "column id is NOT NULL now"},
          {"dropped and added anew", Given("id int4 key, note text #3").copied("id int4 key, note text"),
           "column note (text) is new; column note (text) is gone; the copy loses it too"},
          {"all at once",
           Given("id int8 key, note text #2, x date #4").copied("id int4 key, remark text not null, old date"),
           "column id: integer has become bigint; column remark is called note now; column note may be NULL now; "
           "column x (date) is new; column old (date) is gone; the copy loses it too"},
          {"two that change places", Given("b int4, a int4").copied("a int4, b int4"),
           "column a is called b now; column b is called a now"},
      });
}

TEST(SchemaChanges, OfATableThatWasCreatedAnewAreByName) {
  const Given recreated = kNow.copied("note text, id int4 key, total numeric(10,2)").recreated();
  expect_each(
      changes,
      {
          {"other places", recreated, "none"},
          {"a kept copy tells it", recreated.with("mode=append cursor=none"),
           "it was dropped and created anew; its columns are known by their names"},
          {"a new column", kNow.copied("note text, id int4 key").recreated(), "column total (numeric(10,2)) is new"},
          {"a column that is gone", kNow.copied("note text, id int4 key, total numeric(10,2), old date").recreated(),
           "column old (date) is gone; the copy loses it too"},
      });
}

TEST(SchemaChanges, SayWhenRowsAreReadOnceMore) {
  const Given merge = kNow.with("mode=merge cursor=id").watermark("id", "7");
  const Given retyped = merge.copied("id int4 key, total numeric(8,2), note text");
  expect_each(
      changes,
      {
          {"another type", retyped, "column total: numeric(8,2) has become numeric(10,2); all rows are read once more"},
          {"from its initial value on", retyped.with("initial=3"),
           "column total: numeric(8,2) has become numeric(10,2); all rows from its initial value on are read once "
           "more"},
          {"in a backfill", retyped.with("initial=3 end=5"),
           "column total: numeric(8,2) has become numeric(10,2); the next run without end reads all rows once more"},
          {"another table", merge.copied("id int4 key, total numeric(10,2), note text").recreated(),
           "it was dropped and created anew; its columns are known by their names; all rows are read once more"},
          {"other changes say nothing", merge.copied("id int4 key, total numeric(10,2), remark text"),
           "column remark is called note now"},
          {"an append reads none",
           kNow.with("mode=append cursor=id").copied("id int4 key, total numeric(8,2), note text").watermark("id", "7"),
           "column total: numeric(8,2) has become numeric(10,2)"},
      });
}

TEST(SchemaPolicy, IgnoresWhatIsNew) {
  const Given ignore = kNow.with("on_schema_change=ignore");
  expect_each(columns, {
                           {"a new column is left out", ignore.copied("id int4 key, total numeric(10,2)"),
                            "id INTEGER NOT NULL, total DECIMAL(10,2)"},
                           {"another name stays", ignore.copied("id int4 key, total numeric(10,2), remark text"),
                            "id INTEGER NOT NULL, total DECIMAL(10,2), remark VARCHAR"},
                           {"a rule gives another one",
                            ignore.copied("id int4 key, total numeric(10,2), remark text").column("note=rename memo"),
                            "id INTEGER NOT NULL, total DECIMAL(10,2), memo VARCHAR"},
                           {"no copy", ignore, "id INTEGER NOT NULL, total DECIMAL(10,2), note VARCHAR"},
                           {"a table that nobody knows", ignore.untracked_table(),
                            "id INTEGER NOT NULL, total DECIMAL(10,2), note VARCHAR"},
                       });
  expect_each(changes,
              {
                  {"a new column", ignore.copied("id int4 key, total numeric(10,2)"),
                   "column note (text) is new; it is left out"},
                  {"another name", ignore.copied("id int4 key, total numeric(10,2), remark text"),
                   "column remark is called note now; it stays remark in the copy"},
                  {"a column that is gone", ignore.copied("id int4 key, total numeric(10,2), note text, old date"),
                   "column old (date) is gone; the copy loses it too"},
                  {"a column that a rule leaves out is not new",
                   ignore.copied("id int4 key, total numeric(10,2)").column("note=exclude"), "none"},
              });
}

TEST(SchemaPolicy, FailsWhereNothingMayChange) {
  const Given fail = kNow.with("on_schema_change=fail");
  expect_each(
      refusal,
      {
          {"the same", fail.copied("id int4 key, total numeric(10,2), note text"), "accepted"},
          {"no copy", fail, "accepted"},
          {"a new column", fail.copied("id int4 key, total numeric(10,2)"),
           "it is not as it was when it was copied: column note (text) is new"},
          {"a type and a name", fail.copied("id int4 key, total int4, remark text"),
           "it is not as it was when it was copied: column total: integer has become numeric(10,2); "
           "column remark is called note now"},
          {"another table of the same columns, replaced",
           fail.copied("id int4 key, total numeric(10,2), note text").recreated(), "accepted"},
          {"another table of the same columns, kept",
           fail.copied("id int4 key, total numeric(10,2), note text").recreated().with("mode=append cursor=none"),
           "it is not as it was when it was copied: it was dropped and created anew; its columns are "
           "known by their names"},
      });
  expect_part(advice, {
                          {"a new column", fail.copied("id int4 key, total numeric(10,2)"), "--on-schema-change apply"},
                      });
  expect_each(changes, {
                           {"they are told all the same", fail.copied("id int4 key, total numeric(10,2)"),
                            "column note (text) is new"},
                       });
}

TEST(SchemaPolicy, RefusesTypesThatRowsCannotFollow) {
  const Given merge = Given("id int4 key, x text").with("mode=merge");
  const Given append = Given("id int4 key, x text").with("mode=append cursor=id").watermark("id", "7");
  const Given big = Given("id int4 key, x int8").with("mode=append cursor=id").watermark("id", "7");
  expect_each(
      refusal,
      {
          {"a number that has become text", merge.copied("id int4 key, x int4"), "accepted"},
          {"a date that has become text", merge.copied("id int4 key, x date"),
           "types have changed: x: VARCHAR, was DATE"},
          {"a date that nobody has seen", merge.copied("id int4 key, x date").empty_columns(), "accepted"},
          {"replaced, it does not matter", Given("id int4 key, x text").copied("id int4 key, x date"), "accepted"},
          {"a full refresh, it does not matter", merge.copied("id int4 key, x date").run("full"), "accepted"},
          {"an append knows no row again by another value", append.copied("id int4 key, x date"),
           "column x was date and is text now, so that rows that were appended may have other values, by which they "
           "are not known again"},
          {"an append of grown values", big.copied("id int4 key, x int4"), "accepted"},
          {"an append of all rows",
           Given("id int4 key, x text").with("mode=append cursor=none").copied("id int4 key, x int4"), "accepted"},
          {"an append of all rows compares none of them",
           Given("id int4 key, x text").with("mode=append cursor=none").copied("id int4 key, x date"),
           "types have changed: x: VARCHAR, was DATE"},
          {"what depends on values is not decided yet",
           Given("id int4 key, x numeric").with("mode=merge").copied("id int4 key, x numeric in BOOLEAN"), "accepted"},
          {"an expression that has changed", merge.copied("id int4 key, x text by upper(x)"),
           "another expression made the values of column x in the rows that are there"},
      });
  expect_part(advice, {
                          {"a whole new copy", merge.copied("id int4 key, x date"),
                           "make a whole new copy once: pg2duck sync --full --tables public.t"},
                          {"new versions", merge.copied("id int4 key, x date").versions().with("strategy=scd2"),
                           R"(let new versions begin: DROP TABLE "main"."t" in the target)"},
                      });
}

}  // namespace
}  // namespace pg2duck::test
