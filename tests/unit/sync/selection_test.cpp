#include "sync/plan/selection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pg2duck::sync {
namespace {

using source::RelationEntry;
using source::RelationKind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

RelationEntry entry(const std::string& schema, const std::string& name, RelationKind kind = RelationKind::kTable) {
  RelationEntry relation;
  relation.name = {schema, name};
  relation.kind = kind;
  return relation;
}

std::vector<RelationEntry> database() {
  std::vector<RelationEntry> relations = {entry("public", "orders"),
                                          entry("public", "order_lines", RelationKind::kPartitioned),
                                          entry("public", "order_lines_2024"),
                                          entry("public", "open_orders", RelationKind::kView),
                                          entry("public", "remote", RelationKind::kForeign),
                                          entry("sales", "orders"),
                                          entry("pg_catalog", "pg_class"),
                                          entry("public", "spatial_ref_sys")};
  relations[2].is_partition = true;
  relations[6].is_system = true;
  relations[7].extension = "postgis";
  return relations;
}

std::vector<std::string> names(const std::vector<Selected>& selection) {
  std::vector<std::string> result;
  for (const Selected& selected : selection) {
    result.push_back(selected.relation.name.display() + ">" + selected.target.display());
  }
  return result;
}

std::vector<std::string> choose(const config::CopyOptions& options) {
  return names(select_relations(database(), options));
}

std::string refusal(const std::vector<RelationEntry>& relations, const config::CopyOptions& options) {
  try {
    (void)select_relations(relations, options);
  } catch (const Error& error) {
    return std::string(error.what()) + " | " + error.hint();
  }
  return "accepted";
}

TEST(Selection, TakesOrdinaryAndPartitionedTablesByDefault) {
  EXPECT_THAT(choose({}), ElementsAre("public.orders>main.orders", "public.order_lines>main.order_lines",
                                      "sales.orders>sales.orders"));
}

TEST(Selection, TakesWhatIsNamedExactly) {
  EXPECT_THAT(choose({.tables = {"order_lines_2024,remote", "open_orders", "pg_catalog.pg_class", "spatial_ref_sys"}}),
              ElementsAre("public.order_lines_2024>main.order_lines_2024", "public.open_orders>main.open_orders",
                          "public.remote>main.remote", "pg_catalog.pg_class>pg_catalog.pg_class",
                          "public.spatial_ref_sys>main.spatial_ref_sys"));
}

TEST(Selection, TakesViewsOnRequest) {
  EXPECT_THAT(choose({.tables = {"public.o*"}, .views = true}),
              ElementsAre("public.orders>main.orders", "public.order_lines>main.order_lines",
                          "public.open_orders>main.open_orders"));
}

TEST(Selection, ExcludesAndPutsIntoADataset) {
  EXPECT_THAT(choose({.tables = {"public.*"}, .exclude = {"*lines"}, .dataset = "raw"}),
              ElementsAre("public.orders>raw.orders"));
}

TEST(Selection, SaysWhatWasMeantWhenNothingMatches) {
  EXPECT_THAT(refusal(database(), {.tables = {"public.ordres"}}), HasSubstr("public.orders"));
  EXPECT_THAT(refusal(database(), {.tables = {"open_*"}}), HasSubstr("--views"));
  EXPECT_THAT(refusal(database(), {.tables = {"pg_class"}}), HasSubstr("no table matches 'pg_class'"));
  EXPECT_THAT(refusal(database(), {.exclude = {"nothing"}}), HasSubstr("--exclude: no table matches 'nothing'"));
  EXPECT_THAT(refusal({}, {}), HasSubstr("no table to copy"));
}

TEST(Selection, ReadsOnlyWhatMayBeRead) {
  RelationEntry relation = entry("public", "orders");
  relation.has_schema_usage = relation.has_select = true;
  EXPECT_TRUE(is_readable(relation));
  relation.has_schema_usage = false;
  EXPECT_FALSE(is_readable(relation));
  relation.has_schema_usage = true;
  relation.has_select = false;
  EXPECT_FALSE(is_readable(relation));
}

TEST(Selection, KeepsThePlaceOfLastSyncTimeInAnyCase) {
  EXPECT_THAT(refusal({entry("public", "Last_Sync_Time")}, {.dataset = "Raw"}), HasSubstr("would take the place of"));
}

TEST(Selection, RefusesNamesThatMeetInTheTarget) {
  EXPECT_THAT(refusal({entry("public", "A"), entry("public", "a")}, {}), HasSubstr("public.\"A\" and public.a"));
  EXPECT_THAT(refusal({entry("public", "t"), entry("main", "t")}, {}), HasSubstr("public.t and main.t"));
  EXPECT_THAT(refusal(database(), {.tables = {"orders"}, .dataset = "raw"}), HasSubstr("raw.orders"));
}

TEST(Selection, RefusesReservedNames) {
  EXPECT_THAT(refusal({entry("_pg2duck", "runs")}, {}), HasSubstr("reserved"));
  EXPECT_THAT(refusal({entry("public", "last_sync_time")}, {}), HasSubstr("last_sync_time"));
  EXPECT_THAT(refusal({entry("public", "_pg2duck_staged_1")}, {}), HasSubstr("reserved"));
  EXPECT_EQ(refusal({entry("sales", "last_sync_time")}, {}), "accepted");
}

TEST(Selection, NamesEveryMissingRightWithItsGrant) {
  RelationEntry secret = entry("hr", "salaries");
  secret.has_schema_usage = false;
  secret.has_select = false;
  const Error error = permission_error({{secret, {"hr", "salaries"}}}, "etl");
  EXPECT_THAT(error.what(), HasSubstr("hr.salaries"));
  EXPECT_THAT(error.hint(), HasSubstr("GRANT USAGE ON SCHEMA \"hr\" TO \"etl\";"));
  EXPECT_THAT(error.hint(), HasSubstr("GRANT SELECT ON \"hr\".\"salaries\" TO \"etl\";"));
}

}  // namespace
}  // namespace pg2duck::sync
