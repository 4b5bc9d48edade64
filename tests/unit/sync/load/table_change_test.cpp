#include "sync/load/table_change.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "support/plan/case_columns.hpp"
#include "support/plan/plan_aspects.hpp"

namespace pg2duck::test {
namespace {

const Given kOrders("id int4 key, note text");

/// What the staged rows say of others: "keys in KEYS", and which columns get another name first.
std::string put(const Given& given) {
  const sync::TableJob job = given.plan();
  if (job.refusal) {
    return "refused: " + job.refusal->message();
  }
  const sync::StagedTables staged{.rows = {"main", "rows"},
                                  .keys = job.keys ? std::optional(TableName{"main", "keys"}) : std::nullopt};
  const destination::TableChange change = change_of(job, job.columns, staged, type_catalog());
  std::string text = change.present.name.empty() ? "" : "all keys in " + change.present.name;
  for (const auto& [old, fresh] : change.renamed) {
    text += fmt::format("{}{} is {}", text.empty() ? "" : "; ", old, fresh);
  }
  return text.empty() ? "no more" : text;
}

TEST(TableChange, KnowsWhichRowsAreGone) {
  const Given merge = kOrders.copied().with("mode=merge");
  const Given versions = kOrders.copied().versions().with("mode=merge strategy=scd2");
  expect_each(put, {
                       {"a merge", merge, "no more"},
                       {"a reconcile of all rows", merge.run("reconcile"), "all keys in rows"},
                       {"a reconcile of a cursor's", merge.with("cursor=id").watermark("id", "7").run("reconcile"),
                        "all keys in keys"},
                       {"a new cursor, reconciled", merge.with("cursor=id").run("reconcile"), "all keys in rows"},
                       {"versions say it by themselves", versions.run("reconcile"), "no more"},
                       {"versions of a cursor", versions.with("cursor=id").watermark("id", "7").run("reconcile"),
                        "all keys in keys"},
                   });
}

TEST(TableChange, RenamesWhatIsThere) {
  const Given renamed = kOrders.copied("id int4 key, remark text").with("mode=merge");
  expect_each(put, {
                       {"a column of the copy", renamed, "remark is note"},
                       {"not of a whole new one", renamed.run("full"), "no more"},
                   });
}

}  // namespace
}  // namespace pg2duck::test
