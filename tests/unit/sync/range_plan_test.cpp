#include <gtest/gtest.h>

#include "support/plan/plan_aspects.hpp"

namespace pg2duck::test {
namespace {

using source::RelationKind;

const Given kOrders("id int4 key, note text");
const Given kBig = kOrders.megabytes(100);

TEST(RangePlan, SaysHowATableIsRead) {
  expect_each(
      read,
      {
          {"a small table", kOrders, "copy in one piece"},
          {"a big one", kBig, "copy in ranges"},
          {"a limited one", kBig.run("limit=5"), "copy in one piece: limited"},
          {"gently", kBig.run("read=gentle"), "copy of the whole table"},
          {"gently, by the table's rule", kBig.with("read=gentle"), "copy of the whole table"},
          {"a view", kOrders.kind(RelationKind::kView), "copy in one piece: view"},
          {"a foreign table", kBig.kind(RelationKind::kForeign), "copy in one piece: foreign table"},
          {"a materialized view", kBig.kind(RelationKind::kMaterializedView), "copy in ranges"},
          {"an old server", kBig.server(130000), "copy in one piece: the server is older than 14"},
          {"the first server with ranges", kBig.server(140000), "copy in ranges"},
          {"partitions on an old server", kBig.partitions(2).server(130000), "copy in ranges"},
          {"partitions, limited", kBig.partitions(2).run("limit=5"), "copy in one piece: limited"},
          {"small partitions", kOrders.partitions(3), "copy in ranges"},
          {"partitions that say something else", kBig.partitions(2, "of this"), "copy in one piece: of this"},
          {"the same, gently", kBig.partitions(2, "of this").with("read=gentle"), "copy of the whole table: of this"},
      });
}

TEST(RangePlan, CutsHeapsIntoRanges) {
  expect_each(ranges, {
                          {"a small table", kOrders, "t 0-"},
                          {"an empty one", kOrders.megabytes(0), "t 0-"},
                          {"40 MB for two readers, smaller at the end", kOrders.megabytes(40),
                           "t 0-1280, t 1280-2304, t 2304-3328, t 3328-"},
                          {"a limited one", kBig.run("limit=5"), "t"},
                          {"gently", kBig.run("read=gentle"), "t"},
                          {"a view", kOrders.kind(RelationKind::kView), "t"},
                          {"an old server", kBig.server(130000), "t"},
                          {"partitions that say something else", kOrders.partitions(3, "of this"), "t"},
                          {"each partition", kOrders.partitions(3), "t_1 0-, t_2 0-, t_3 0-"},
                          {"partitions, limited", kOrders.partitions(3).run("limit=5"), "t"},
                          {"partitions on an old server", kOrders.partitions(2).server(130000), "t_1, t_2"},
                          {"pages end with the last block", Given("id int4").megabytes(8).page_access(), "t 0-1024"},
                      });
}

}  // namespace
}  // namespace pg2duck::test
