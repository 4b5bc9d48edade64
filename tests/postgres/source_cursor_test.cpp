#include <algorithm>

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "source/read/cursor_position.hpp"
#include "source/read/index_use.hpp"
#include "source/read/row_places.hpp"
#include "source/session/savepoint.hpp"
#include "support/error_of.hpp"
#include "support/servers/postgres_server.hpp"

namespace pg2duck::source {
namespace {

using test::error_of;
using test::TestDatabase;
using testing::ElementsAre;

class SourceCursor : public testing::Test {
 protected:
  SourceCursor() : session_(database_.connect()) {}

  [[nodiscard]] CatalogTable table(const std::string& name) {
    for (const RelationEntry& entry : list_relations(session_)) {
      if (entry.name.name == name && !entry.is_system) {
        return read_catalog(session_, {entry.oid}).tables.at(0);
      }
    }
    ADD_FAILURE() << "no table " << name;
    return {};
  }

  TestDatabase database_;
  Connection session_;
  TableName events_{"public", "events"};
};

TEST_F(SourceCursor, TheGreatestValueIsThatOfTheRowsWhichCount) {
  session_.execute(
      "CREATE TABLE events(id int, \"at\" text, score float8);"
      "INSERT INTO events VALUES (9, 'b', 1), (10, 'a', 'infinity'), (11, NULL, 'NaN'), (NULL, 'c', NULL)");
  EXPECT_EQ(maximum_of(session_, events_, {.name = "id"}, "", ""), "11");
  EXPECT_EQ(maximum_of(session_, events_, {.name = "id"}, "", "events.id < 11 -- not all"), "10");
  EXPECT_EQ(maximum_of(session_, events_, {.name = "score"}, "\"score\" < 'infinity'", ""), "1");
  EXPECT_EQ(maximum_of(session_, events_, {.name = "id"}, "", "false"), std::nullopt);
}

TEST_F(SourceCursor, NullsAndRowsAreLookedForWhereTheyCount) {
  session_.execute("CREATE TABLE events(id int, part int); INSERT INTO events VALUES (1, 1), (NULL, 2)");
  EXPECT_TRUE(has_nulls(session_, events_, "id", ""));
  EXPECT_FALSE(has_nulls(session_, events_, "id", "part = 1"));
  EXPECT_TRUE(has_rows(session_, events_, "part = 2 OR part = 3"));
  EXPECT_FALSE(has_rows(session_, events_, "part > 2"));
  EXPECT_TRUE(is_true(session_, "'-1 hour'::pg_catalog.interval < '0'"));
  EXPECT_FALSE(is_true(session_, "NULL"));
}

TEST_F(SourceCursor, TheNumbersOfTransactionsGrow) {
  const TransactionNumbers before = read_transaction_numbers(session_);
  session_.execute("CREATE TABLE events()");
  const TransactionNumbers after = read_transaction_numbers(session_);
  EXPECT_LE(std::stoull(before.seen), std::stoull(before.next));
  EXPECT_LT(std::stoull(before.next), std::stoull(after.next));
}

TEST_F(SourceCursor, AnIndexCountsWhenItBeginsWithTheColumnAndCoversAllRows) {
  session_.execute(
      "CREATE TABLE events(id int, part int) PARTITION BY LIST (part);"
      "CREATE TABLE one PARTITION OF events FOR VALUES IN (1); CREATE TABLE two PARTITION OF events FOR VALUES IN (2);"
      "CREATE INDEX ON one (id, part); CREATE INDEX ON two (part, id)");
  EXPECT_FALSE(has_index(session_, table("events"), "id"));
  session_.execute("CREATE INDEX ON two (id) WHERE id > 0");
  EXPECT_FALSE(has_index(session_, table("events"), "id"));
  session_.execute("CREATE INDEX ON two USING brin (id)");
  EXPECT_TRUE(has_index(session_, table("events"), "id"));
}

TEST_F(SourceCursor, PostgresSaysWhetherItScansAllRows) {
  session_.execute(
      "CREATE TABLE events AS SELECT g AS id, g AS part FROM generate_series(1, 10000) g;"
      "CREATE INDEX ON events (id); ANALYZE events");
  const CatalogTable events = table("events");
  EXPECT_FALSE(scans_all_rows(session_, events, {.select_list = "id", .condition = "id > 9990"}));
  EXPECT_TRUE(scans_all_rows(session_, events, {.select_list = "id", .condition = "part > 9990"}));
}

TEST_F(SourceCursor, ARowIsFoundAgainAtItsPlace) {
  session_.execute(
      "CREATE TABLE events(id int, part int, gone timestamp) PARTITION BY LIST (part);"
      "CREATE TABLE one PARTITION OF events FOR VALUES IN (1); CREATE TABLE two PARTITION OF events FOR VALUES IN (2);"
      "INSERT INTO events SELECT g, g % 2 + 1, CASE WHEN g = 5 THEN now() END FROM generate_series(1, 9) g");
  const std::string chosen = either("id > 6", marked_rows("gone", false));
  const Result found = session_.query("SELECT " + place_unless(chosen) + " FROM events ORDER BY id");
  std::vector<std::string> places;
  for (std::size_t row = 0; row < found.rows(); ++row) {
    if (!found.is_null(row, 0)) {
      places.push_back(found.text(row, 0));
    }
  }
  ASSERT_EQ(places.size(), 5U);
  std::vector<std::string> ids;
  for (const ReadRange& range : ranges_at(table("events"), places)) {
    const Result rows = session_.query(select_sql(range, {.select_list = "id"}));
    for (std::size_t row = 0; row < rows.rows(); ++row) {
      ids.push_back(rows.text(row, 0));
    }
  }
  std::ranges::sort(ids);
  EXPECT_THAT(ids, ElementsAre("1", "2", "3", "4", "6"));
}

TEST_F(SourceCursor, AFailureUnderASavepointLeavesTheTransaction) {
  session_.execute("CREATE TABLE events(id int); BEGIN; INSERT INTO events VALUES (1)");
  const auto failure = try_asking(session_, [&] {
    session_.execute("INSERT INTO events VALUES (2)");
    session_.execute("SELECT 1 / 0");
  });
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->sqlstate(), "22012");
  EXPECT_FALSE(try_asking(session_, [&] { session_.execute("INSERT INTO events VALUES (3)"); }));
  EXPECT_EQ(session_.query("SELECT string_agg(id::text, ',' ORDER BY id) FROM events").text(0, 0), "1,3");
  const Error stopped =
      error_of([&] { (void)try_asking(session_, [] { throw Error(ErrorKind::kCancelled, "stopped"); }); });
  EXPECT_EQ(stopped.kind(), ErrorKind::kCancelled);
}

}  // namespace
}  // namespace pg2duck::source
