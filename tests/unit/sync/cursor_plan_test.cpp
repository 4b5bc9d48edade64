#include <gtest/gtest.h>

#include "support/plan/plan_aspects.hpp"

namespace pg2duck::test {
namespace {

const Given kOrders("id int4 key, seen timestamptz, day date not null, n numeric not null, note text");
const Given kCopied = kOrders.copied();

TEST(CursorPlan, ReadsFromTheWatermarkOn) {
  const Given append = kCopied.with("mode=append cursor=id");
  const Given merge = kCopied.with("mode=merge cursor=seen");
  expect_each(
      condition,
      {
          {"no watermark: all", append, "all"},
          {"no copy: all", kOrders.with("mode=append cursor=id").watermark("id", "7"), "all"},
          {"from it on", append.watermark("id", "7"), R"("id" >= '7'::integer)"},
          {"beyond it", append.watermark("id", "7").with("range_start=open"), R"("id" > '7'::integer)"},
          {"from the initial value on", append.with("initial=3"), R"("id" >= '3'::integer)"},
          {"the watermark is beyond the initial value", append.with("initial=3").watermark("id", "7"),
           R"("id" >= '7'::integer)"},
          {"the watermark of another cursor", append.watermark("day", "2025"), "all"},
          {"a full refresh", append.watermark("id", "7").run("full"), "all"},
          {"a full refresh from the initial value on", append.watermark("id", "7").with("initial=3").run("full"),
           R"("id" >= '3'::integer)"},
          {"a value is quoted", append.watermark("id", "7' OR true"), R"("id" >= '7'' OR true'::integer)"},
          {"versions in full",
           kCopied.versions().with("mode=merge strategy=scd2 cursor=id").watermark("id", "7").run("full"), "all"},
          {"transactions", kCopied.with("mode=merge cursor=xmin").watermark("xmin", "700"),
           R"(((xmin::pg_catalog.text::pg_catalog.int8 - '700'::pg_catalog.int8 % 4294967296 + 4294967296) % 4294967296) < 4294967296 / 2)"},
          {"NULLs in each run of a merge", merge.watermark("seen", "2025"),
           R"(("seen" >= '2025'::timestamp with time zone) OR "seen" IS NULL)"},
          {"NULLs never", merge.watermark("seen", "2025").with("null_cursor=exclude"),
           R"("seen" >= '2025'::timestamp with time zone)"},
          {"NULLs never, from the beginning", merge.with("null_cursor=exclude"), R"("seen" IS NOT NULL)"},
          {"NULLs fail an append", kCopied.with("mode=append cursor=seen").watermark("seen", "2025"),
           R"("seen" >= '2025'::timestamp with time zone)"},
          {"no NULLs in the column", kCopied.with("mode=merge cursor=day").watermark("day", "2025"),
           R"("day" >= '2025'::date)"},
      });
}

TEST(CursorPlan, BeginsALagBeforeTheWatermark) {
  const Given by_id = kCopied.with("mode=append cursor=id").watermark("id", "100");
  const Given by_day = kCopied.with("mode=append cursor=day").watermark("day", "2025-03-01");
  const Given by_time = kCopied.with("mode=merge cursor=seen null_cursor=exclude").watermark("seen", "2025-03-01");
  expect_each(condition,
              {
                  {"a number", by_id.with("lag=5"), R"("id" >= ('100'::integer - '5'::pg_catalog.int4))"},
                  {"days", by_day.with("lag=2"),
                   R"("day" >= ('2025-03-01'::date - '2 days'::pg_catalog.interval)::pg_catalog.date)"},
                  {"seconds", by_time.with("lag=90"),
                   R"("seen" >= ('2025-03-01'::timestamp with time zone - '90 seconds'::pg_catalog.interval))"},
                  {"an interval", by_time.with("lag=1_hour"),
                   R"("seen" >= ('2025-03-01'::timestamp with time zone - '1 hour'::pg_catalog.interval))"},
                  {"not before the initial value", by_id.with("lag=5 initial=98"),
                   R"("id" >= GREATEST(('100'::integer - '5'::pg_catalog.int4), '98'::integer))"},
                  {"not before the first run", kCopied.with("mode=append cursor=id lag=5 initial=98"),
                   R"("id" >= '98'::integer)"},
                  {"of text", kCopied.with("mode=merge cursor=note lag=5").watermark("note", "x"),
                   "refused: lag is for cursors that are dates, times or numbers; note is text"},
              });
}

TEST(CursorPlan, ReadsAPartInABackfill) {
  const Given append = kCopied.with("mode=append cursor=id initial=10 end=20");
  expect_each(
      condition,
      {
          {"between its ends", append, R"("id" >= '10'::integer AND "id" < '20'::integer)"},
          {"with its end", append.with("range_end=closed"), R"("id" >= '10'::integer AND "id" <= '20'::integer)"},
          {"without its beginning", append.with("range_start=open"),
           R"("id" > '10'::integer AND "id" < '20'::integer)"},
          {"whatever the watermark", append.watermark("id", "100"),
           R"("id" >= '10'::integer AND "id" < '20'::integer)"},
          {"without a lag", append.with("lag=5"), R"("id" >= '10'::integer AND "id" < '20'::integer)"},
          {"into no copy", kOrders.with("mode=append cursor=id initial=10 end=20"),
           R"("id" >= '10'::integer AND "id" < '20'::integer)"},
      });
}

TEST(CursorPlan, ReadsAllOnceMoreWhereValuesMayBeOthers) {
  const Given merge = kOrders.with("mode=merge cursor=id").watermark("id", "7");
  const Given retyped = merge.copied("id int4 key, seen timestamptz, day date not null, n int4 not null, note text");
  expect_each(condition,
              {
                  {"nothing has changed", merge.copied(), R"("id" >= '7'::integer)"},
                  {"a type has", retyped, "all"},
                  {"from its initial value on", retyped.with("initial=3"), R"("id" >= '3'::integer)"},
                  {"it is another table", merge.copied().recreated(), "all"},
                  {"rows that are only inserted stay", retyped.with("strategy=insert-only"), R"("id" >= '7'::integer)"},
                  {"transactions of another table",
                   kOrders.with("mode=merge cursor=xmin").copied().recreated().watermark("xmin", "700"), "all"},
              });
  expect_part(change, {
                          {"a type has", retyped, ", re-read"},
                          {"it is another table", merge.copied().recreated(), ", re-read"},
                          {"a whole new copy needs none", retyped.run("full"), "upsert by id, initial load"},
                      });
}

TEST(CursorPlan, ReadsRowsThatFillNewColumns) {
  const Given merge = kOrders.with("mode=merge cursor=id").watermark("id", "7").copied("id int4 key, seen timestamptz");
  expect_each(
      condition,
      {
          {"new columns", merge,
           R"("id" >= '7'::integer OR ("day" IS DISTINCT FROM NULL OR "n" IS DISTINCT FROM NULL OR "note" IS DISTINCT FROM NULL))"},
          {"not before the initial value", merge.with("initial=3"),
           R"("id" >= '7'::integer OR (("id" >= '3'::integer) AND ("day" IS DISTINCT FROM NULL OR "n" IS DISTINCT FROM NULL OR "note" IS DISTINCT FROM NULL)))"},
          {"an append reads no row twice",
           kOrders.with("mode=append cursor=id").watermark("id", "7").copied("id int4 key, seen timestamptz"),
           R"("id" >= '7'::integer)"},
          {"nor does an insert-only merge", merge.with("strategy=insert-only"), R"("id" >= '7'::integer)"},
          {"nor a backfill", merge.with("initial=3 end=5"), R"("id" >= '3'::integer AND "id" < '5'::integer)"},
      });
}

TEST(CursorPlan, ReadsAllRowsOfPartsThatAreNew) {
  const Given merge = kOrders.partitions(3).with("mode=merge cursor=id").copied().watermark("id", "7");
  const std::string since = R"("id" >= '7'::integer)";
  const auto also = [&since](const std::string& more) { return "(" + since + ") OR (" + more + ")"; };
  expect_each(
      condition,
      {
          {"nobody noted them", merge, since},
          {"none is new", merge.read_parts("5003,5001,5002"), since},
          {"one is gone", merge.read_parts("5001,5002,5003,99"), since},
          {"one is new", merge.read_parts("5001,5003"), also("tableoid = ANY ('{5002}'::pg_catalog.oid[])")},
          {"not one whose number begins alike", merge.read_parts("50010,5002,5003"),
           also("tableoid = ANY ('{5001}'::pg_catalog.oid[])")},
          {"not before the initial value", merge.with("initial=3").read_parts("5001,5002"),
           also(R"(("id" >= '3'::integer) AND (tableoid = ANY ('{5003}'::pg_catalog.oid[])))")},
          {"not in a backfill", merge.with("initial=3 end=5").read_parts("5001"),
           R"("id" >= '3'::integer AND "id" < '5'::integer)"},
          {"not of another table of the name", merge.recreated().with("strategy=insert-only").read_parts("1"), since},
      });
}

TEST(CursorPlan, KnowsItsCursorByAnotherName) {
  const Given renamed =
      Given("num int4 key, note text").copied("id int4 key, note text").with("mode=append cursor=num");
  expect_each(
      condition,
      {
          {"the same column", renamed.watermark("id", "7"), R"("num" >= '7'::integer)"},
          {"another column", renamed.watermark("note", "7"), "all"},
          {"another column, in a new table", renamed.recreated().watermark("id", "7"), "all"},
          {"the same column, in a new table",
           kOrders.with("mode=append cursor=id").copied().recreated().watermark("id", "7"), R"("id" >= '7'::integer)"},
          {"transactions are others in a new table",
           kOrders.with("mode=merge strategy=insert-only cursor=xmin").copied().recreated().watermark("xmin", "700"),
           "all"},
      });
}

TEST(CursorPlan, RefusesACursorThatSortsOtherwise) {
  const Given text = Given("id text key").copied("id int4 key").with("mode=merge cursor=id").watermark("id", "7");
  expect_each(refusal,
              {
                  {"a number that is text now", text, "cursor id was integer and is text now, which sorts otherwise"},
                  {"nothing was read by it", Given("id text key").copied("id int4 key").with("mode=merge cursor=id"),
                   "accepted"},
                  {"text that is another text",
                   Given("id text key").copied("id varchar(5) key").with("mode=merge cursor=id").watermark("id", "7"),
                   "accepted"},
              });
}

TEST(CursorPlan, ReconcilesWhenItIsTime) {
  const Given merge = kCopied.with("mode=merge cursor=id");
  const Given weekly = merge.with("reconcile=7_days");
  expect_part(read, {
                        {"never", weekly.watermark("id", "7"), "; keys of all rows are compared"},
                        {"a week ago", weekly.watermark("id", "7", 7 * 86400), "; keys of all rows are compared"},
                        {"when a run is asked to", merge.watermark("id", "7", 5).run("reconcile"),
                         "; keys of all rows are compared"},
                        {"in full", merge.watermark("id", "7", 5).run("full"), "; the initial load, then merge"},
                    });
  expect_each(change, {
                          {"not yet", weekly.watermark("id", "7", 7 * 86400 - 1), "upsert by id"},
                          {"not in the initial load", kOrders.with("mode=merge cursor=id reconcile=7_days"),
                           "upsert by id, initial load"},
                          {"not an append", kCopied.with("mode=append cursor=id").run("reconcile"), "append beyond id"},
                          {"not a backfill", merge.with("initial=3 end=5").run("reconcile"), "upsert by id"},
                          {"now", merge.run("reconcile"), "upsert by id, reconciled"},
                      });
  expect_each(condition, {
                             {"a table's rows have places: the cursor's are read",
                              merge.watermark("id", "7").run("reconcile"), R"("id" >= '7'::integer)"},
                             {"a view's rows have none: all are read",
                              merge.kind(source::RelationKind::kView).watermark("id", "7").run("reconcile"), "all"},
                             {"nor have those of a foreign table",
                              merge.kind(source::RelationKind::kForeign).watermark("id", "7").run("reconcile"), "all"},
                             {"but those that are wanted only",
                              merge.kind(source::RelationKind::kView)
                                  .watermark("id", "7")
                                  .where("t=id > 2")
                                  .with("initial=1")
                                  .run("reconcile"),
                              R"((id > 2) AND ("id" >= '1'::integer))"},
                         });
}

TEST(VersionPlan, KnowsWhetherItReadsAllRows) {
  const Given scd2 = kCopied.versions().with("mode=merge strategy=scd2");
  expect_part(change,
              {
                  {"all of them", scd2, "versions by id valid from valid_from to valid_to"},
                  {"with a key of its own", scd2.with("key=note"),
                   "versions by note valid from valid_from to valid_to, a part"},
                  {"by a cursor", scd2.with("cursor=id").watermark("id", "7"), "to valid_to, a part"},
                  {"under other names", kCopied.with("mode=merge strategy=scd2 valid_from=since valid_to=until"),
                   "valid from since to until"},
              });
  expect_each(change,
              {
                  {"by a new cursor", scd2.with("cursor=id"), "versions by id valid from valid_from to valid_to"},
                  {"in a backfill", scd2.with("cursor=id initial=3 end=5"),
                   "versions by id valid from valid_from to valid_to, a part"},
                  {"in a backfill in full", scd2.with("cursor=id initial=3 end=5").run("full"),
                   "versions by id valid from valid_from to valid_to, a part"},
                  {"with a key of its own, reconciled", scd2.with("key=note").run("reconcile"),
                   "versions by note valid from valid_from to valid_to, reconciled"},
                  {"once more",
                   kOrders.copied("id int4 key, seen timestamptz, day date not null, n int4 not null, note text")
                       .versions()
                       .with("mode=merge strategy=scd2 cursor=id")
                       .watermark("id", "7"),
                   "versions by id valid from valid_from to valid_to, a part, re-read"},
              });
}

}  // namespace
}  // namespace pg2duck::test
