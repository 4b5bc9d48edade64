#include <gtest/gtest.h>

#include "support/plan/plan_aspects.hpp"

namespace pg2duck::test {
namespace {

const Given kOrders("id int4 key, note text");

TEST(TargetConflict, NeverReplacesWhatIsMoreThanACopy) {
  expect_each(refusal, {
                           {"nothing there", kOrders, "accepted"},
                           {"a table", kOrders.untracked_table(), "accepted"},
                           {"a copy", kOrders.copied(), "accepted"},
                           {"a view", kOrders.target_view(), "the target has a view named main.t"},
                           {"a view, by force", kOrders.target_view().run("force"), "accepted"},
                           {"limited, nothing there", kOrders.run("limit=10"), "accepted"},
                           {"limited, a table", kOrders.untracked_table().run("limit=10"),
                            "a limited copy would replace the full table main.t"},
                           {"limited, a copy", kOrders.copied().run("limit=10"),
                            "a limited copy would replace the full table main.t"},
                           {"limited, a limited copy", kOrders.limited_copy().run("limit=10"), "accepted"},
                           {"limited, a copy, by force", kOrders.copied().run("limit=10 force"), "accepted"},
                           {"limited, and to be kept up", kOrders.run("limit=10").with("mode=append cursor=none"),
                            "a limited copy can only replace a table"},
                           {"rows that this user would not see", kOrders.row_security(),
                            "row-level security would hide rows from this user"},
                       });
  expect_part(advice, {
                          {"a view", kOrders.target_view(), "let it be replaced with --force"},
                          {"limited, a copy", kOrders.copied().run("limit=10"), "add --force if the full copy may go"},
                          {"rows that this user would not see", kOrders.row_security(), "BYPASSRLS"},
                      });
}

TEST(TargetConflict, KeepsVersions) {
  const Given versions = kOrders.copied().versions();
  const char* const versions_lost = "its copy holds versions (scd2), which would be lost";
  expect_each(refusal, {
                           {"versions again", versions.with("mode=merge strategy=scd2"), "accepted"},
                           {"replaced", versions, versions_lost},
                           {"appended to", versions.with("mode=append cursor=none"), versions_lost},
                           {"merged into", versions.with("mode=merge"), versions_lost},
                           {"a full run does not take them away", versions.with("mode=merge strategy=scd2").run("full"),
                            "accepted"},
                       });
}

TEST(TargetConflict, SaysWhatIsReadLive) {
  expect_each(warnings, {
                            {"a table", kOrders, "none"},
                            {"a foreign table", kOrders.kind(source::RelationKind::kForeign),
                             "a foreign table is read live: its rows are not part of the snapshot"},
                        });
}

}  // namespace
}  // namespace pg2duck::test
