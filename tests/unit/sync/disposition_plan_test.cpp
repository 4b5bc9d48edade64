#include <gtest/gtest.h>

#include "support/plan/plan_aspects.hpp"

namespace pg2duck::test {
namespace {

const Given kOrders("id int4 key, region text, at timestamptz not null, gone bool");
const Given kCopied = kOrders.copied();

TEST(DispositionPlan, PutsRowsIntoTheCopy) {
  expect_each(
      change,
      {
          {"replace", kCopied, "replace"},
          {"append", kCopied.with("mode=append cursor=none"), "append"},
          {"append by a cursor", kCopied.with("mode=append cursor=at"), "append beyond at"},
          {"upsert", kCopied.with("mode=merge"), "upsert by id"},
          {"delete and insert", kCopied.with("mode=merge strategy=delete-insert"), "delete-insert by id"},
          {"insert only", kCopied.with("mode=merge strategy=insert-only"), "insert-only by id"},
          {"versions", kCopied.with("mode=merge strategy=scd2").versions(),
           "versions by id valid from valid_from to valid_to"},
          {"another key", kCopied.with("mode=merge key=region,id"), "upsert by region+id"},
          {"under its name", kCopied.with("mode=merge").column("id=rename k"), "upsert by k, id renamed k"},
          {"marked rows", kCopied.with("mode=merge hard_delete=gone"), "upsert by id without gone"},
          {"the newest of a key", kCopied.with("mode=merge key=region newest_by=at"), "upsert by region newest by at"},
          {"a limited copy begins anew", kOrders.limited_copy().with("mode=append cursor=none"),
           "append, initial load"},
          {"a table that nobody knows", kOrders.untracked_table().with("mode=append cursor=none"),
           "append, initial load"},
          {"no copy", kOrders.with("mode=merge"), "upsert by id, initial load"},
          {"a full refresh", kCopied.with("mode=merge").run("full"), "upsert by id, initial load"},
          {"a full refresh of versions keeps them", kCopied.with("mode=merge strategy=scd2").versions().run("full"),
           "versions by id valid from valid_from to valid_to, reconciled"},
      });
}

TEST(DispositionPlan, AnAppendOfAllRowsHasToBeAskedFor) {
  const char* all = "an append without a cursor adds all rows of the table to its copy in each run";
  expect_each(refusal, {{"an append", kCopied.with("mode=append"), all},
                        {"the first copy of one", kOrders.with("mode=append"), all},
                        {"where no target could take it", kCopied.with("mode=append").replaced_only(),
                         "in a target of this kind tables can only be replaced"}});
  expect_each(change, {{"asked for", kCopied.with("mode=append cursor=none"), "append"},
                       {"a merge has none anyway", kCopied.with("mode=merge cursor=none"), "upsert by id"}});
}

TEST(DispositionPlan, SaysWhatItDoes) {
  expect_each(read, {
                        {"replace", kCopied, "copy in one piece"},
                        {"the initial load", kOrders.with("mode=append cursor=none"),
                         "copy in one piece; the initial load, then append"},
                        {"append", kCopied.with("mode=append cursor=none"), "copy in one piece; append"},
                        {"merge", kCopied.with("mode=merge key=id,region"), "copy in one piece; merge by id, region"},
                        {"by a cursor", kCopied.with("mode=merge cursor=at").watermark("at", "2025-01-01"),
                         "copy in one piece; merge by id, at from 2025-01-01"},
                        {"by a new cursor", kCopied.with("mode=merge cursor=at"), "copy in one piece; merge by id"},
                        {"from its initial value on", kCopied.with("mode=merge cursor=at initial=2024"),
                         "copy in one piece; merge by id, at from 2024"},
                        {"a backfill", kCopied.with("mode=merge cursor=at initial=2024 end=2025"),
                         "copy in one piece; merge by id, at from 2024 to 2025"},
                        {"with a reconcile", kCopied.with("mode=merge").run("reconcile"),
                         "copy in one piece; merge by id; keys of all rows are compared"},
                    });
}

TEST(DispositionPlan, TellsOfSettingsWithoutUse) {
  expect_part(
      warnings,
      {
          {"a cursor", kCopied.with("cursor=at"),
           "cursor without effect: mode is replace, which copies all rows each time"},
          {"all of them", kCopied.with("cursor=at strategy=insert-only hard_delete=gone newest_by=at reconcile=7_days"),
           "cursor, strategy, hard_delete, newest_by, reconcile without effect"},
          {"a key of versions", kCopied.versions().with("mode=merge strategy=scd2 primary_keys"),
           "its primary key is not carried over: of each key there are several versions"},
      });
}

TEST(DispositionPlan, CarriesTheKeyOfAMergeOver) {
  const Given merge = kCopied.with("mode=merge primary_keys");
  expect_each(warnings, {{"in silence", merge, "none"}});
  expect_part(columns, {{"as of any table", merge, "; key id"}});
}

TEST(DispositionPlan, AdvisesNoNameThatIsWrittenAlready) {
  expect_each(advice, {
                          {"a key that is left out", kCopied.with("mode=merge").column("id=exclude"),
                           "Name a column that is copied: key = \"...\""},
                      });
}

TEST(DispositionPlan, RefusesWhatDoesNotGoTogether) {
  const Given merge = kCopied.with("mode=merge");
  const Given append = kCopied.with("mode=append");
  const char* const merge_only = "key, strategy, hard_delete, newest_by and reconcile are for mode merge";
  expect_each(
      refusal,
      {
          {"versions that are replaced", kCopied.with("strategy=scd2"),
           "strategy scd2 keeps versions, and mode replace would take them away"},
          {"a key of an append", append.with("key=id"), merge_only},
          {"a mark of an append", append.with("hard_delete=gone"), merge_only},
          {"a strategy of an append", append.with("strategy=insert-only"), merge_only},
          {"a choice of an append", append.with("newest_by=at"), merge_only},
          {"a reconcile of an append", append.with("reconcile=7_days"), merge_only},
          {"xmin of an append", append.with("cursor=xmin"),
           "cursor xmin finds changed rows again, which only a merge can put in their place"},
          {"initial without a cursor", merge.with("initial=5"),
           "initial says where the cursor begins or ends, and there is none"},
          {"end without a cursor", merge.with("end=5"), "end says where the cursor begins or ends, and there is none"},
          {"lag without a cursor", merge.with("lag=5"), "lag says where the cursor begins or ends, and there is none"},
          {"a side without a cursor", merge.with("range_start=open"),
           "range_start says where the cursor begins or ends, and there is none"},
          {"NULLs without a cursor", merge.with("null_cursor=raise"),
           "null_cursor says where the cursor begins or ends, and there is none"},
          {"lag of xmin", merge.with("cursor=xmin lag=5"), "lag says where the cursor begins or ends, and it is xmin"},
          {"initial of xmin", merge.with("cursor=xmin initial=5"), "accepted"},
          {"an end without a beginning", merge.with("cursor=at end=2025"),
           "end needs initial: a backfill begins there, whatever the cursor's last value"},
          {"a backfill that reconciles", merge.with("cursor=at initial=2024 end=2025 reconcile=7_days"),
           "a backfill reads a part of the table, and cannot reconcile it"},
          {"a backfill in full", merge.with("cursor=at initial=2024 end=2025").run("full"),
           "a backfill reads a part of the table, and --full would replace the copy by it"},
      });
}

TEST(DispositionPlan, NeedsColumnsThatAreCopied) {
  const Given merge = kCopied.with("mode=merge");
  const Given versions = kCopied.versions().with("mode=merge strategy=scd2");
  expect_each(
      refusal,
      {
          {"no key", Given("a int4").with("mode=merge"), "it is to be merged, and has no primary key"},
          {"no key of versions, all rows read", Given("a int4").with("mode=merge strategy=scd2"), "accepted"},
          {"no key of versions by a cursor", Given("a int4").with("mode=merge strategy=scd2 cursor=a"),
           "it is to be merged, and has no primary key"},
          {"no key of versions of which the newest counts",
           Given("a int4").with("mode=merge strategy=scd2 newest_by=a"), "it is to be merged, and has no primary key"},
          {"a key of its own of versions that is left out", versions.with("key=region").column("region=exclude"),
           "key names column region, which is not copied"},
          {"a key that is not there", merge.with("key=ids"), "key names column ids, which is not there"},
          {"a key that is left out", merge.column("id=exclude"), "key names column id, which is not copied"},
          {"a key of versions that is left out", versions.column("id=exclude"), "accepted"},
          {"a mark that is not there", merge.with("hard_delete=gon"),
           "hard_delete names column gon, which is not there"},
          {"a choice that is left out", merge.with("newest_by=at").column("at=exclude"),
           "newest_by names column at, which is not copied"},
          {"a cursor that is not there", merge.with("cursor=att"), "cursor names column att, which is not there"},
          {"a cursor that is left out", merge.with("cursor=at").column("at=exclude"), "accepted"},
          {"a cursor of an append that is left out", kCopied.with("mode=append cursor=at").column("at=exclude"),
           "cursor names column at, which is not copied"},
          {"xmin of a view", merge.kind(source::RelationKind::kView).with("cursor=xmin"), "only tables have xmin"},
          {"a column of the name of versions'", Given("id int4 key, valid_to date").with("mode=merge strategy=scd2"),
           "it has a column valid_to of its own"},
          {"unless these have other names",
           Given("id int4 key, valid_to date").with("mode=merge strategy=scd2 valid_to=until"), "accepted"},
          {"a column that hides row numbers",
           Given("id int4 key, RowID int4").with("mode=merge").run("reconcile").copied(),
           "column RowID hides DuckDB's row numbers, which versions, newest_by and reconcile need"},
          {"where nothing needs them", Given("id int4 key, rowid int4").with("mode=merge"), "accepted"},
          {"a kept column that hides them",
           Given("id int4 key").copied("id int4 key, rowid int4").with("mode=merge newest_by=id"),
           "its copy keeps a column rowid, which hides DuckDB's row numbers; versions, newest_by and reconcile need "
           "them"},
      });
  expect_part(advice,
              {
                  {"no key", Given("a int4").with("mode=merge"), R"([table."public.t"] key = ["..."])"},
                  {"a spelling", merge.with("key=regions"), "did you mean region? Name a column that is copied: key ="},
                  {"a spelling of a cursor", merge.with("cursor=att"),
                   "did you mean at? Name a column that grows with every change, or xmin"},
              });
}

}  // namespace
}  // namespace pg2duck::test
