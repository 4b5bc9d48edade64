#include <gtest/gtest.h>

#include "support/plan/plan_aspects.hpp"

namespace pg2duck::test {
namespace {

const Given kOrders("id int4 key, at timestamptz not null, note text");

TEST(FilterPlan, ReadsTheRowsThatAreWanted) {
  expect_each(condition, {
                             {"all", kOrders, "all"},
                             {"some", kOrders.where("t=id > 5"), "id > 5"},
                             {"the last filter counts", kOrders.where("t=id > 5").where("public.*=id < 3"), "id < 3"},
                             {"with a cursor",
                              kOrders.where("t=id > 5").with("mode=append cursor=id").copied().watermark("id", "9"),
                              R"((id > 5) AND ("id" >= '9'::integer))"},
                         });
  expect_each(warnings, {
                            {"all", kOrders, "none"},
                            {"some", kOrders.where("t=id > 5"), "only rows where id > 5"},
                        });
}

TEST(FilterPlan, DividesFilesByColumnsOfTheCopy) {
  const Given lake = kOrders.lake();
  expect_each(refusal,
              {
                  {"a column", lake.partition_by("note"), "accepted"},
                  {"in another case", lake.partition_by("NOTE, year(At)"), "accepted"},
                  {"under its name in the copy", lake.column("note=rename remark").partition_by("remark"), "accepted"},
                  {"under its name in the source", lake.column("note=rename remark").partition_by("note"),
                   "its files are to be divided by note, and no column is called so"},
                  {"not a lake", kOrders.partition_by("note"), "only a lake divides the files of its tables"},
                  {"no column", lake.partition_by("bucket(4, ids)"),
                   "its files are to be divided by ids, and no column is called so"},
              });
}

}  // namespace
}  // namespace pg2duck::test
