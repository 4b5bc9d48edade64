#include <gtest/gtest.h>

#include "support/plan/plan_aspects.hpp"

namespace pg2duck::test {
namespace {

using source::RelationKind;

const Given kOrders = Given("id int4 key, at timestamptz, note text").megabytes(8);
const Given kPages = kOrders.page_access();

TEST(PagePlan, ReadsPagesWhereThatIsCertain) {
  expect_each(
      read,
      {
          {"pages", kPages, "pages"},
          {"of partitions", kOrders.partitions(2).page_access(), "pages"},
          {"not asked for", kPages.with("read=copy"), "copy in one piece"},
          {"small", Given("id int4").page_access(), "copy in one piece (no pages: it is small)"},
          {"small, but asked for", Given("id int4").page_access().with("read=pages"), "pages"},
          {"a view", kPages.kind(RelationKind::kView), "copy in one piece: view (no pages: only tables have pages)"},
          {"a materialized view", kPages.kind(RelationKind::kMaterializedView),
           "copy in one piece (no pages: only tables have pages)"},
          {"a foreign table", kPages.kind(RelationKind::kForeign),
           "copy in one piece: foreign table (no pages: only tables have pages)"},
          {"limited", kPages.run("limit=5"), "copy in one piece: limited (no pages: the copy is limited)"},
          {"some rows", kPages.where("t=id > 5"), "copy in one piece (no pages: Postgres chooses the rows)"},
          {"no columns", Given("").megabytes(8).page_access(), "copy in one piece (no pages: it has no columns)"},
          {"a column that stays there", kPages.column("note=exclude"),
           "copy in one piece (no pages: a column that is left out would leave the server with its pages)"},
          {"a column between others that stays there", kPages.column("at=exclude"),
           "copy in one piece (no pages: a column that is left out would leave the server with its pages)"},
          {"just worth it", Given("id int4").megabytes(4).page_access(), "pages"},
          {"a part that may not be read by itself", kPages.partitions(2, "of this"),
           "copy in one piece: of this (no pages: its parts are read through it)"},
          {"a column that stays there, but asked for", kPages.column("note=exclude").with("read=pages"), "pages"},
          {"much beside the heap", kPages.megabytes(8, 2),
           "copy in one piece (no pages: much of it lies outside of its pages)"},
          {"a little beside the heap", kPages.megabytes(8, 1), "pages"},
          {"nobody may", kOrders.page_refusal("pageinspect is missing"),
           "copy in one piece (no pages: pageinspect is missing)"},
          {"nobody was asked", kOrders.page_refusal(""), "copy in one piece (no pages: the server was not asked)"},
          {"a text beside its column", kPages.column("at=unrepresentable text"),
           "copy in one piece (no pages: column at has its text beside it)"},
          {"a cast", kPages.column("id=bigint"),
           "copy in one piece (no pages: column id is of a type that is only read as it is sent)"},
          {"a type that is not read there", Given("x jsonb").megabytes(8).page_access(),
           "copy in one piece (no pages: column x is of a type that is only read as it is sent)"},
          {"a heap that nothing is known of", kOrders.page_access().partitions(2),
           "copy in ranges (no pages: its attributes are not known)"},
      });
}

std::string asked(const Given& given) {
  return given.asks_for_pages() ? "asked" : "not asked";
}

TEST(PagePlan, AsksWhoMayReadThemWhereThatCounts) {
  const Given merge = kPages.copied().with("mode=merge cursor=id").watermark("id", "9");
  expect_each(asked, {
                         {"a big table", kPages, "asked"},
                         {"by COPY", kPages.with("read=copy"), "not asked"},
                         {"a small one", Given("id int4").page_access(), "not asked"},
                         {"a small one, wanted so", Given("id int4").page_access().with("read=pages"), "asked"},
                         {"just worth it", Given("id int4").megabytes(4).page_access(), "asked"},
                         {"limited", kPages.run("limit=5"), "not asked"},
                         {"rows of a cursor", merge, "not asked"},
                         {"all of them", merge.run("full"), "asked"},
                         {"no copy", kPages.with("mode=merge cursor=id"), "asked"},
                     });
}

TEST(PagePlan, LeavesTheRowsOfACursorToPostgres) {
  const Given kept = kPages.with("mode=append cursor=id");
  expect_each(read, {
                        {"all of them", kept, "pages; the initial load, then append"},
                        {"from the watermark on", kept.copied().watermark("id", "9"),
                         "copy in one piece (no pages: Postgres chooses the rows); append, id from 9"},
                    });
}

}  // namespace
}  // namespace pg2duck::test
