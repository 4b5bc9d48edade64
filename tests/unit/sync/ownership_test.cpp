#include "sync/ownership.hpp"

#include <gmock/gmock.h>

namespace pg2duck::sync {
namespace {

using ::testing::ElementsAre;
using ::testing::Key;

const destination::Origin kOurs{.uri = "postgresql://ann@db:5432/shop", .system_identifier = "73", .database_oid = 5};

class OwnershipTest : public ::testing::Test {
 protected:
  OwnershipTest() { target_.source = kOurs; }

  destination::TableState& copied(const TableName& target, const TableName& source,
                                  const destination::Origin& origin = kOurs) {
    target_.cursors[target] = {.table = target, .cursor = "id", .value = "7", .reconciled_at = ""};
    return target_.tables[target] = {.source = source, .target = target, .oid = 100, .origin = origin};
  }

  void select(const TableName& source, types::Oid oid, const TableName& target) {
    Selected selected;
    selected.relation.name = source;
    selected.relation.oid = oid;
    selected.target = target;
    selection_.push_back(selected);
  }

  TargetState target_;
  std::vector<Selected> selection_;
};

TEST_F(OwnershipTest, WhatIsOfAnotherSourceIsSetApartWithItsCursor) {
  copied({"main", "ours"}, {"public", "ours"});
  copied({"main", "Theirs"}, {"public", "Theirs"}, {.uri = "postgresql://ann@other:5432/shop"});
  copied({"main", "unknown"}, {"public", "unknown"}, {});
  set_others_apart(target_, selection_);
  EXPECT_THAT(target_.tables, ElementsAre(Key(TableName{"main", "ours"}), Key(TableName{"main", "unknown"})));
  EXPECT_THAT(target_.cursors, ElementsAre(Key(TableName{"main", "ours"}), Key(TableName{"main", "unknown"})));
  EXPECT_THAT(target_.others, ElementsAre(Key(TableName{"main", "theirs"})));
}

TEST_F(OwnershipTest, AnotherTableOfTheSourceIsNotTheSameUnlessItWasRenamed) {
  copied({"x", "renamed"}, {"before", "renamed"});
  copied({"x", "another"}, {"before", "another"});
  copied({"x", "recreated"}, {"now", "recreated"});
  copied({"x", "no_oid"}, {"before", "no_oid"}).oid = 0;
  copied({"x", "not_chosen"}, {"before", "not_chosen"});
  select({"now", "renamed"}, 100, {"x", "renamed"});
  select({"now", "another"}, 101, {"x", "another"});
  select({"now", "recreated"}, 101, {"x", "recreated"});
  select({"now", "no_oid"}, 0, {"x", "no_oid"});
  set_others_apart(target_, selection_);
  EXPECT_THAT(target_.others, ElementsAre(Key(TableName{"x", "another"}), Key(TableName{"x", "no_oid"})));
}

}  // namespace
}  // namespace pg2duck::sync
