#include "sync/plan/cursor_position.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "support/plan/plan_aspects.hpp"

namespace pg2duck::test {
namespace {

const Given kOrders("id int4 key, seen timestamptz, day date not null, note text");
const Given kCopied = kOrders.copied();

/// What is asked of the rows: "nulls among all; maximum of x, or of all".
std::string questions(const Given& given) {
  const sync::CursorQuestions asked = cursor_questions(given.draft());
  const auto rows = [](const std::string& condition) { return condition.empty() ? "all" : condition; };
  std::string text = asked.transactions ? "transactions" : "";
  const auto add = [&text](const std::string& question) { text += (text.empty() ? "" : "; ") + question; };
  if (!asked.lag_is_negative.empty()) {
    add("lag");
  }
  if (asked.nulls_among) {
    add("nulls among " + rows(*asked.nulls_among));
  }
  if (!asked.unwanted_rows.empty()) {
    add("any " + asked.unwanted_rows);
  }
  if (asked.maximum_of) {
    add("maximum of " + rows(*asked.maximum_of));
  }
  if (asked.or_of) {
    add("or of " + rows(*asked.or_of));
  }
  std::erase(text, '\n');
  return text;
}

/// What the ledger keeps of the cursor.
std::string kept(const Given& given) {
  const sync::TableJob job = given.plan();
  if (job.refusal) {
    return "refused: " + job.refusal->message();
  }
  const auto& state = job.write.cursor_state;
  return !state ? "as it was"
                : fmt::format("{} at {}, reconciled {}", state->cursor, state->value,
                              state->reconciled_at.empty() ? "never" : state->reconciled_at.substr(0, 10));
}

TEST(CursorPosition, IsAskedFor) {
  const Given append = kCopied.with("mode=append cursor=id");
  const Given grown = kOrders.with("mode=append cursor=id").copied("id int4 key, seen timestamptz, day date not null");
  expect_each(
      questions,
      {
          {"of all rows", append, "maximum of all"},
          {"of those that are read, or of all", append.watermark("id", "7"),
           R"(maximum of "id" >= '7'::integer; or of all)"},
          {"of the wanted ones", append.watermark("id", "7").where("t=id < 9"),
           R"(maximum of (id < 9) AND ("id" >= '7'::integer); or of id < 9)"},
          {"from the initial value on, none lie before", append.with("initial=3"),
           R"(maximum of "id" >= '3'::integer)"},
          {"from the initial value on, which was read up to", append.with("initial=3").watermark("id", "3"),
           R"(maximum of "id" >= '3'::integer)"},
          {"a view whose rows are all read, to be reconciled",
           kCopied.with("mode=merge cursor=id").kind(source::RelationKind::kView).watermark("id", "7").run("reconcile"),
           "maximum of all"},
          {"in a backfill it is nobody's matter", append.with("initial=3 end=5"), ""},
          {"of transactions", kCopied.with("mode=merge cursor=xmin"), "transactions"},
          {"with a lag", append.with("lag=5").watermark("id", "7"),
           R"(lag; maximum of "id" >= ('7'::integer - '5'::pg_catalog.int4); or of all)"},
          {"NULLs fail an append", kCopied.with("mode=append cursor=seen"), "nulls among all; maximum of all"},
          {"where there can be some", kCopied.with("mode=append cursor=day"), "maximum of all"},
          {"not a merge", kCopied.with("mode=merge cursor=seen"), "maximum of all"},
          {"rows that were appended and have what is new", grown.watermark("id", "7"),
           R"(any ("note" IS DISTINCT FROM NULL) AND (("id" > '7'::integer) IS NOT TRUE); )"
           R"(maximum of "id" >= '7'::integer; or of all)"},
          {"a backfill reads any row once more", grown.with("initial=3 end=5").watermark("id", "7"),
           R"(any "note" IS DISTINCT FROM NULL)"},
          {"none was appended before", grown, "maximum of all"},
          {"none is kept of a limited copy",
           kOrders.with("mode=append cursor=id initial=3 end=5")
               .limited_copy("id int4 key, seen timestamptz, day date not null"),
           ""},
          {"a merge reads them",
           kOrders.with("mode=merge cursor=id")
               .copied("id int4 key, seen timestamptz, day date not null")
               .watermark("id", "7"),
           R"(maximum of "id" >= '7'::integer OR ("note" IS DISTINCT FROM NULL); or of all)"},
      });
}

TEST(CursorPosition, IsKept) {
  const Given append = kCopied.with("mode=append cursor=id");
  const Given merge = kCopied.with("mode=merge cursor=id");
  expect_each(
      kept,
      {
          {"the maximum", append.maximum("9"), "id at 9, reconciled never"},
          {"beyond the watermark", append.watermark("id", "7").maximum("9"), "id at 9, reconciled never"},
          {"the watermark, where no row was read", append.watermark("id", "7"), "id at 7, reconciled never"},
          {"as it was, in a backfill", merge.watermark("id", "7", 5).with("initial=3 end=5").maximum("4"), "as it was"},
          {"none, where a copy begins with a part", kOrders.with("mode=merge cursor=id initial=3 end=5").maximum("4"),
           " at , reconciled never"},
          {"none, where rows have to be read once more",
           kOrders.copied("id int4 key, seen timestamptz, day date not null, note varchar(5)")
               .with("mode=merge cursor=id initial=3 end=5")
               .watermark("id", "7", 5),
           "id at , reconciled 2025-06-01"},
          {"an initial load of a merge finds all", kOrders.with("mode=merge cursor=id").maximum("9"),
           "id at 9, reconciled 2025-06-08"},
          {"that of an append looks for nothing", kOrders.with("mode=append cursor=id").maximum("9"),
           "id at 9, reconciled never"},
          {"a reconcile", merge.watermark("id", "7", 5).run("reconcile").maximum("9"),
           "id at 9, reconciled 2025-06-08"},
          {"none this time", merge.watermark("id", "7", 5).maximum("9"), "id at 9, reconciled 2025-06-01"},
          {"the time of a reconcile, without a cursor", kCopied.with("mode=merge reconcile=7_days"),
           " at , reconciled 2025-06-08"},
          {"nothing", kCopied.with("mode=merge"), "as it was"},
          {"nothing of a table that is replaced", kCopied, "as it was"},
          {"no more, when it is replaced", kCopied.watermark("id", "7"), " at , reconciled never"},
          {"transactions", kCopied.with("mode=merge cursor=xmin").watermark("xmin", "700").transactions("900", "901"),
           "xmin at 900, reconciled never"},
      });
}

TEST(CursorPosition, TellsWhenItHasGoneBack) {
  const Given append = kCopied.with("mode=append cursor=id").watermark("id", "7");
  expect_part(warnings, {
                            {"all rows lie before it", append.maximum_elsewhere("5"),
                             "its cursor id has gone back: its last value was 7, and no row has more than 5 now"},
                        });
  expect_each(warnings, {
                            {"rows lie beyond it", append.maximum("9"), "none"},
                            {"whatever else there is", append.maximum("9").maximum_elsewhere("5"), "none"},
                            {"it is still there", append.maximum_elsewhere("7"), "none"},
                            {"there is no row", append, "none"},
                        });
}

TEST(CursorPosition, CannotBeFollowedEverywhere) {
  const Given append = kCopied.with("mode=append cursor=seen").watermark("seen", "2025");
  const Given merge = kCopied.with("mode=merge cursor=xmin").watermark("xmin", "700");
  const Given grown = kOrders.with("mode=append cursor=id").copied("id int4 key, seen timestamptz, day date not null");
  expect_each(
      refusal,
      {
          {"a negative lag", append.with("lag=-1_hour").negative_lag(),
           "lag is less than nothing, so that rows would be passed over"},
          {"NULLs", append.null_cursors(), "cursor seen is NULL in some rows"},
          {"appended rows that have what is new", grown.watermark("id", "7").unwanted_rows(),
           "rows that were appended before have values in the new columns: note"},
          {"half a ring of transactions later", merge.transactions("2147484347", "2147484348"),
           "xmin cannot tell which rows have changed since transaction 700: the server is at 2147484348 now, more than "
           "2^31 later, or has been restored"},
          {"just before that", merge.transactions("2147484346", "2147484347"), "accepted"},
          {"a server that was restored", merge.transactions("600", "601"),
           "xmin cannot tell which rows have changed since transaction 700: the server is at 601 now, more than 2^31 "
           "later, or has been restored"},
          {"no transaction was read up to", kCopied.with("mode=merge cursor=xmin").transactions("600", "601"),
           "accepted"},
          {"what Postgres refuses", append.cursor_failure(ErrorKind::kSourceSql, "no such operator"),
           "no such operator"},
          {"what is not there any more", append.cursor_failure(ErrorKind::kSchemaDrift, "no such column"),
           "no such column"},
          {"a condition of the user's", kOrders.where("t=ids > 5").fault("column ids does not exist"),
           "column ids does not exist"},
      });
  expect_part(advice,
              {
                  {"what Postgres refuses", append.cursor_failure(ErrorKind::kSourceSql, "no such operator"),
                   "look at cursor, initial, end, lag and where of this table"},
                  {"what is not there any more", append.cursor_failure(ErrorKind::kSchemaDrift, "no such column"),
                   "look at cursor, initial, end, lag and where of this table"},
                  {"NULLs", append.null_cursors(), "null_cursor = \"include\""},
                  {"appended rows that have what is new", grown.watermark("id", "7").unwanted_rows(),
                   "or leave the columns out: --on-schema-change ignore"},
              });
  expect_each(advice, {{"a lost server is none of the user's settings",
                        append.cursor_failure(ErrorKind::kConnection, "the server closed the connection"), ""}});
}

std::string order(const Given& given) {
  return given.plan().read.order;
}

TEST(CursorPosition, IsReadByAnIndexThatFindsIt) {
  const Given append = kCopied.with("mode=append cursor=id").watermark("id", "7").megabytes(8);
  const Given merge = kCopied.with("mode=merge cursor=id").watermark("id", "7").megabytes(8);
  expect_each(read, {
                        {"an append", append.index(), "copy by an index; append, id from 7"},
                        {"a merge", merge.index(), "copy by an index; merge by id, id from 7"},
                        {"no index", append, "copy in one piece; append, id from 7"},
                        {"all rows", kCopied.with("mode=append cursor=id").index(), "copy in one piece; append"},
                        {"transactions", kCopied.with("mode=merge cursor=xmin").watermark("xmin", "700").index(),
                         "copy in one piece; merge by id, xmin from 700"},
                        {"a view", append.kind(source::RelationKind::kView).index(),
                         "copy in one piece: view; append, id from 7"},
                    });
  expect_each(order, {
                         {"rows are appended in its order", append.index(), R"("id")"},
                         {"a merge does not mind", merge.index(), ""},
                         {"without an index they come as they lie", append, ""},
                     });
}

TEST(CursorPosition, LacksAnIndex) {
  const Given append = kCopied.with("mode=append cursor=id").watermark("id", "7");
  const char* const missing =
      R"(no index begins with its cursor id, so that each run scans the table: CREATE INDEX CONCURRENTLY ON "public"."t" ("id"))";
  expect_each(
      warnings,
      {
          {"of a big table", append.megabytes(8).no_index(), missing},
          {"of one that is just worth it", append.megabytes(1).no_index(), missing},
          {"of one whose rows are all read", kCopied.with("mode=append cursor=id").megabytes(8).index().no_index(),
           missing},
          {"of partitions", append.partitions(2).megabytes(8).no_index(),
           R"(no index begins with its cursor id, so that each run scans the table: CREATE INDEX ON "public"."t" ("id"))"},
          {"of a small one", append.no_index(), "none"},
          {"there is one", append.megabytes(8), "none"},
          {"it is used", append.megabytes(8).index().no_index(), "none"},
      });
}

std::string keys(const Given& given) {
  const sync::TableJob job = given.plan();
  return job.keys ? sync::select_list(job.keys->columns) : "none";
}

TEST(CursorPosition, IsPassedByKeysThatAReconcileCompares) {
  const Given merge = kCopied.with("mode=merge cursor=id").watermark("id", "7");
  expect_part(keys, {
                        {"of all rows, with the place of others", merge.run("reconcile"), R"("id", CASE WHEN)"},
                    });
  expect_each(keys, {
                        {"not now", merge, "none"},
                        {"all rows are read", kCopied.with("mode=merge cursor=id").run("reconcile"), "none"},
                        {"there is no cursor", kCopied.with("mode=merge").run("reconcile"), "none"},
                    });
}

}  // namespace
}  // namespace pg2duck::test
