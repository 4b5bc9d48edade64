#include "destination/ledger/ledger.hpp"

#include <string>

#include <fmt/format.h>

#include "destination/ledger/cursor_state.hpp"
#include "destination/ledger/origin.hpp"
#include "destination/ledger/retention.hpp"
#include "destination/ledger/run_record.hpp"
#include "destination/ledger/table_state.hpp"
#include "unit/destination/fixture.hpp"

namespace pg2duck::destination {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

/// As pg2duck 0.1.0 made it, before there were versions.
constexpr const char* kFirstForm = R"(
  CREATE SCHEMA pg2duck_target._pg2duck;
  CREATE TABLE pg2duck_target._pg2duck.runs (run_id UUID, started_at TIMESTAMPTZ, finished_at TIMESTAMPTZ, status VARCHAR,
    version VARCHAR, source VARCHAR, snapshot VARCHAR, snapshot_at TIMESTAMPTZ, lsn VARCHAR, error VARCHAR);
  CREATE TABLE pg2duck_target._pg2duck.tables (schema VARCHAR, "table" VARCHAR, source_schema VARCHAR, source_table VARCHAR,
    limited BOOLEAN, run_id UUID);
  INSERT INTO pg2duck_target._pg2duck.runs (run_id, status, source) VALUES
    ('00000000-0000-0000-0000-000000000001', 'published', 'postgresql://ann@db:5432/shop');
  INSERT INTO pg2duck_target._pg2duck.tables VALUES
    ('main', 'orders', 'public', 'orders', true, '00000000-0000-0000-0000-000000000001'),
    ('main', 'lost', 'public', 'lost', false, '00000000-0000-0000-0000-000000000002'))";

std::string run_id(int number) {
  return fmt::format("00000000-0000-0000-0000-{:012}", number);
}

class LedgerTest : public TargetTest {
 protected:
  Contents contents() { return list_contents(*session_); }

  LedgerForm form() { return find_ledger(*session_, contents()); }

  std::map<TableName, TableState> states() { return read_table_states(*session_, contents(), form().version); }

  /// A run that ended so many days ago, and published these tables of main.
  void add_run(int number, int days_ago, const std::vector<std::string>& tables,
               const std::string& status = "published") {
    std::vector<TableRunRecord> records;
    for (const std::string& table : tables) {
      records.push_back({.table = {"main", table}, .mode = "merge", .status = status, .error = ""});
    }
    session_->execute_all(run_statements(*session_, {.run_id = run_id(number), .status = status}, records));
    session_->execute_all({metrics_statement(*session_, {.run_id = run_id(number)})});
    session_->execute(
        fmt::format("UPDATE pg2duck_target._pg2duck.runs SET finished_at = now() - to_days({}) - to_hours(1) "
                    "WHERE run_id = '{}'",
                    days_ago, run_id(number)));
  }

  /// That a run has made.
  void add_table(const std::string& table, int run) {
    session_->execute_all(
        state_statements(*session_, run_id(run), {{.source = {"public", table}, .target = {"main", table}}}));
  }

  std::vector<std::string> expired(const config::KeptRuns& keep) {
    return find_expired_runs(*session_, contents(), keep);
  }
};

config::KeptRuns kept(const std::string& text) {
  return config::parse_kept_runs(text).value();
}

TEST_F(LedgerTest, IsCreatedOnceAndWhatIsMissingIsAdded) {
  EXPECT_EQ(form().version, 0);
  EXPECT_THAT(states(), IsEmpty());
  ready_ledger(*session_, form());
  EXPECT_EQ(form().version, ledger_version());
  EXPECT_TRUE(form().complete);
  EXPECT_FALSE(form().program.empty());
  session_->execute("DROP TABLE pg2duck_target._pg2duck.cursors");
  EXPECT_FALSE(form().complete);
  ready_ledger(*session_, form(), [] { ADD_FAILURE() << "nothing is migrated"; });
  EXPECT_TRUE(form().complete);
  EXPECT_EQ(value("SELECT count(*) FROM pg2duck_target._pg2duck.schema_version"), "1");
}

TEST_F(LedgerTest, TheFirstFormIsReadAsItIsAndMigratedWithItsRows) {
  session_->execute(kFirstForm);
  EXPECT_EQ(form().version, 1);
  const auto before = states();
  EXPECT_EQ(before.at({"main", "orders"}).origin.uri, "postgresql://ann@db:5432/shop");
  EXPECT_TRUE(before.at({"main", "orders"}).limited);
  EXPECT_EQ(before.at({"main", "lost"}).origin, Origin{});
  int migrations = 0;
  EXPECT_THROW(ready_ledger(*session_, form(), [] { throw Error(ErrorKind::kCancelled, "killed"); }), Error);
  EXPECT_EQ(form().version, 1);
  EXPECT_EQ(value("SELECT count(*) FROM duckdb_columns() WHERE schema_name = '_pg2duck' AND table_name = 'tables'"),
            "6");
  ready_ledger(*session_, form(), [&] { ++migrations; });
  EXPECT_EQ(migrations, 1);
  EXPECT_EQ(form().version, ledger_version());
  const auto after = states();
  ASSERT_THAT(after, SizeIs(2));
  EXPECT_EQ(after.at({"main", "orders"}).origin, before.at({"main", "orders"}).origin);
  EXPECT_EQ(after.at({"main", "orders"}).run_id, run_id(1));
  EXPECT_EQ(value("SELECT string_agg(column_name, ' ' ORDER BY column_index) FROM duckdb_columns() WHERE schema_name = "
                  "'_pg2duck' AND table_name = 'tables'"),
            "schema table source_schema source_table limited run_id source system_identifier database_oid");
}

TEST_F(LedgerTest, ALaterFormIsRefusedByName) {
  ready_ledger(*session_, form());
  session_->execute("UPDATE pg2duck_target._pg2duck.schema_version SET version = 17, program = '3.1.4'");
  const Error error = error_of([&] { form(); });
  EXPECT_EQ(error.kind(), ErrorKind::kConfig);
  EXPECT_THAT(error.what(), testing::AllOf(HasSubstr("version 17"), HasSubstr("pg2duck 3.1.4"),
                                           HasSubstr(fmt::format("up to {}", ledger_version()))));
  EXPECT_THAT(error.hint(), HasSubstr("use pg2duck 3.1.4"));
}

TEST_F(LedgerTest, CursorsAreReadAsTheyWereWritten) {
  ready_ledger(*session_, form());
  session_->execute_all(
      cursor_statements(*session_, run_id(1),
                        {{.table = {"main", "a"}, .cursor = "it's", .value = "7", .reconciled_at = ""},
                         {.table = {"main", "b"}, .reconciled_at = "2024-05-01 10:00:00+00"},
                         {.table = {"main", "c"}}}));
  const auto known = read_cursor_states(*session_, contents(), ledger_version());
  ASSERT_THAT(known, SizeIs(2));
  EXPECT_EQ(known.at({"main", "a"}).cursor, "it's");
  EXPECT_EQ(known.at({"main", "a"}).value, "7");
  EXPECT_EQ(known.at({"main", "a"}).reconciled_at, "");
  EXPECT_EQ(known.at({"main", "b"}).reconciled_at, "2024-05-01 10:00:00+00");
  EXPECT_GT(known.at({"main", "b"}).seconds_since_reconciled, 86400);
  session_->execute_all(cursor_statements(*session_, run_id(2), {{.table = {"MAIN", "A"}}}));
  EXPECT_THAT(read_cursor_states(*session_, contents(), ledger_version()), SizeIs(1));
}

TEST_F(LedgerTest, RunsExpireByAgeOrNumberButNotWhatTablesNeed) {
  ready_ledger(*session_, form());
  EXPECT_THAT(expired(kept("1")), IsEmpty());
  add_table("made_long_ago", 1);
  add_table("kept_up", 6);
  add_table("rarely", 6);
  add_run(1, 400, {"made_long_ago"});
  add_run(2, 300, {"made_long_ago", "rarely"});
  add_run(3, 200, {"kept_up", "dropped_since"});
  add_run(4, 100, {"kept_up"}, "failed");
  add_run(5, 50, {"kept_up", "made_long_ago"});
  add_run(6, 1, {"kept_up"});
  // 1 made a table, 2 was the last that published one, and so was 5.
  EXPECT_THAT(expired(kept("90d")), ElementsAre(run_id(3), run_id(4)));
  EXPECT_THAT(expired(kept("150 days")), ElementsAre(run_id(3)));
  EXPECT_THAT(expired(kept("all")), IsEmpty());
  EXPECT_THAT(expired(kept("3")), ElementsAre(run_id(3), run_id(4)));
  EXPECT_THAT(expired(kept("4")), ElementsAre(run_id(3)));
  EXPECT_THAT(expired(kept("1")), ElementsAre(run_id(3), run_id(4)));
  session_->execute_all(expire_statements(*session_, expired(kept("90d"))));
  for (const char* table : {"runs", "run_metrics"}) {
    EXPECT_EQ(value(fmt::format("SELECT string_agg(right(run_id::VARCHAR, 1), '' ORDER BY run_id) FROM "
                                "pg2duck_target._pg2duck.{}",
                                table)),
              "1256");
  }
  EXPECT_EQ(value("SELECT count(*) FROM pg2duck_target._pg2duck.table_runs"), "6");
  EXPECT_THAT(expire_statements(*session_, {}), IsEmpty());
}

TEST(Origin, OneSourceIsKnownByItsDatabaseOrItsAddress) {
  const Origin known{.uri = "postgresql://ann@db:5432/shop", .system_identifier = "73", .database_oid = 5};
  EXPECT_TRUE(is_same_source(
      known, {.uri = "postgresql://bob@127.0.0.1:5432/shop", .system_identifier = "73", .database_oid = 5}));
  EXPECT_TRUE(
      is_same_source(known, {.uri = "postgresql://bob@DB:5432/shop", .system_identifier = "74", .database_oid = 6}));
  EXPECT_TRUE(is_same_source(known, {.uri = "postgresql://db:5432/shop"}));
  EXPECT_FALSE(is_same_source(known, {.uri = "postgresql://ann@other:5432/shop"}));
  EXPECT_FALSE(
      is_same_source(known, {.uri = "postgresql://ann@db:5433/shop", .system_identifier = "73", .database_oid = 6}));
  EXPECT_FALSE(is_same_source(known, {.uri = "postgresql://ann@db:5432/Shop"}));
  EXPECT_FALSE(is_same_source({.uri = "postgresql://a:1/x"}, {.uri = "postgresql://b:1/x"}));
}

/// What the first form of the ledger held was for people; the other is what libpq takes.
TEST(Origin, AddressesAreTheSameInBothSpellings) {
  const std::pair<const char*, const char*> same[] = {
      {"postgresql://ann@db:5432/shop", "postgresql://db:5432/shop"},
      {"postgresql://ann@a,b:5432,5433/shop", "postgresql://ann@a:5432,b:5433/shop"},
      {"postgresql://ann@a,b:5432/shop", "postgresql://ann@a:5432,b:5432/shop"},
      {"postgresql://me@[local]:5432/me", "postgresql://me@:5432/me"},
      {"postgresql://me@[/tmp/socket]:5432/me", "postgresql://me@%2Ftmp%2Fsocket:5432/me"},
      {"postgresql://a@b@[::1]:5432/shop", "postgresql://a%40b@[::1]:5432/shop"},
      {"postgresql://ann@/?service=x", "postgresql:///?service=x"},
      {"postgresql://db:5432/the shop", "postgresql://db:5432/the%20shop"}};
  for (const auto& [first, second] : same) {
    EXPECT_EQ(address_of(first), address_of(second)) << first;
  }
  EXPECT_NE(address_of("postgresql:///?service=x"), address_of("postgresql:///?service=y"));
  EXPECT_NE(address_of("postgresql://[::1]:5432/x"), address_of("postgresql://[::2]:5432/x"));
  EXPECT_EQ(address_of(""), ":/");
}

}  // namespace
}  // namespace pg2duck::destination
