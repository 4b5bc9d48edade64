#include "sync/plan/table_job.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pg2duck::sync {
namespace {

using source::RelationKind;
using ::testing::HasSubstr;

constexpr types::Oid kTableOid = 5000;

source::CatalogColumn column(const std::string& name, types::Oid type, std::int32_t typmod = -1) {
  source::CatalogColumn result;
  result.name = name;
  result.type = type;
  result.typmod = typmod;
  return result;
}

/// A plan over tables that are set up by hand.
class PlanTest : public ::testing::Test {
 protected:
  PlanTest() {
    for (const auto& [oid, name] : {std::pair{types::oid::kInt4, "int4"}, std::pair{types::oid::kText, "text"}}) {
      types::PgType type;
      type.oid = oid;
      type.name = name;
      catalog_.types[oid] = type;
    }
  }

  source::CatalogTable& add(const std::string& name, std::uint64_t bytes) {
    source::CatalogTable table;
    table.oid = kTableOid + static_cast<types::Oid>(catalog_.tables.size());
    table.name = {"public", name};
    table.columns = {column("id", types::oid::kInt4), column("note", types::oid::kText)};
    source::Leaf leaf;
    leaf.oid = table.oid;
    leaf.name = table.name;
    leaf.heap_bytes = bytes;
    table.leaves = {leaf};
    catalog_.tables.push_back(table);
    Selected selected;
    selected.relation.name = table.name;
    selected.target = {"main", name};
    selection_.push_back(selected);
    return catalog_.tables.back();
  }

  std::vector<TableJob> plan() {
    const PlanInputs inputs{.options = options_,
                            .catalog = catalog_,
                            .selection = selection_,
                            .target = target_,
                            .staged_prefix = "staged_",
                            .taken_at = {}};
    std::vector<TableJob> jobs;
    for (TableDraft& draft : draft_tables(inputs, {})) {
      jobs.push_back(finish_table(inputs, std::move(draft), {}, jobs.size() + 1));
    }
    return jobs;
  }

  std::string refusal() {
    const std::vector<TableJob> jobs = plan();
    return jobs.front().refusal ? std::string(jobs.front().refusal->what()) + " | " + jobs.front().refusal->hint()
                                : "accepted";
  }

  config::CopyOptions options_;
  source::Catalog catalog_;
  std::vector<Selected> selection_;
  TargetState target_;
};

TEST_F(PlanTest, PutsTheBiggestTableFirstAndGivesEachItsOwnStage) {
  add("small", 8192);
  add("big", std::uint64_t{1} << 30);
  const std::vector<TableJob> jobs = plan();
  EXPECT_EQ(jobs[0].table.name.name, "big");
  EXPECT_GT(jobs[0].read.ranges.size(), 1U);
  EXPECT_EQ(jobs[1].read.ranges.size(), 1U);
  EXPECT_NE(jobs[0].write.staged, jobs[1].write.staged);
  EXPECT_EQ(select_list(jobs[0].columns), "\"id\", \"note\"");
}

TEST_F(PlanTest, GivesATableWithoutColumnsOneToStandFor) {
  add("bare", 8192).columns.clear();
  const std::vector<TableJob> jobs = plan();
  EXPECT_EQ(jobs[0].columns.front().shape.name, kNoColumns);
  EXPECT_TRUE(selected(jobs[0].columns).empty());
  EXPECT_THAT(jobs[0].warnings.front(), HasSubstr("no columns"));
}

TEST_F(PlanTest, RefusesColumnsThatDifferOnlyInCase) {
  add("t", 0).columns.push_back(column("ID", types::oid::kInt4));
  EXPECT_THAT(refusal(), HasSubstr("\"id\" and \"ID\" differ only in case"));
}

TEST_F(PlanTest, RefusesRowSecurity) {
  add("t", 0).row_security_active = true;
  EXPECT_THAT(refusal(), HasSubstr("row-level security"));
}

TEST_F(PlanTest, NeverLetsALimitedCopyReplaceAFullOne) {
  add("t", 0);
  options_.limit = 10;
  EXPECT_EQ(refusal(), "accepted");
  target_.objects[{"main", "t"}] = destination::Existing::kTable;
  EXPECT_THAT(refusal(), HasSubstr("--force"));
  target_.tables[{"main", "t"}] = {.source = {"public", "t"}, .target = {"main", "t"}, .limited = true};
  EXPECT_EQ(refusal(), "accepted");
  target_.tables[{"main", "t"}].limited = false;
  EXPECT_THAT(refusal(), HasSubstr("--force"));
  options_.force = true;
  EXPECT_EQ(refusal(), "accepted");
}

TEST_F(PlanTest, NeverReplacesAViewUnasked) {
  add("t", 0);
  target_.objects[{"main", "t"}] = destination::Existing::kView;
  EXPECT_THAT(refusal(), HasSubstr("view named main.t"));
}

TEST_F(PlanTest, SuggestsColumnsOfTheTableThatARuleIsAbout) {
  add("a", 0);
  add("b", 0).columns.push_back(column("nots2", types::oid::kText));
  options_.columns.push_back(config::ColumnRule::parse("public.a.nots=varchar"));
  try {
    (void)plan();
    FAIL() << "the rule is about nothing";
  } catch (const Error& error) {
    EXPECT_EQ(error.hint(), "nearest: a.note, a.id");
  }
}

TEST_F(PlanTest, NamesTheColumnWhoseTypeCannotBeCopied) {
  add("t", 0).columns.push_back(column("odd", 424242));
  EXPECT_THAT(refusal(), HasSubstr("table public.t, column odd: "));
}

}  // namespace
}  // namespace pg2duck::sync
