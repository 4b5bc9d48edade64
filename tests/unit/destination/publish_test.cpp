#include "destination/publish/publish.hpp"

#include <set>
#include <stdexcept>
#include <string>

#include "destination/ledger/ledger.hpp"
#include "destination/targets/reserved_names.hpp"
#include "unit/destination/fixture.hpp"

namespace pg2duck::destination {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::UnorderedElementsAreArray;

constexpr const char* kRunId = "6f1c2b60-9c54-4c3f-8d3e-0123456789ab";

types::DuckType plain(types::DuckTypeId id) {
  types::DuckType type;
  type.id = id;
  return type;
}

class PublishTest : public TargetTest {
 protected:
  PublishTest() { ready_ledger(*session_, {}); }

  static TableShape shape_of(const TableName& name) {
    TableShape shape;
    shape.name = name;
    shape.columns = {{"id", plain(types::DuckTypeId::kInteger), true, "the \"key\""},
                     {"te'xt", plain(types::DuckTypeId::kVarchar), false, ""}};
    shape.comment = "it's a comment";
    return shape;
  }

  /// Stages a table of `rows` rows for `name`, as a run does it.
  void stage(const TableName& name, int rows, bool with_key = false) {
    TableShape shape = shape_of(name);
    if (with_key) {
      shape.primary_key = {"id"};
    }
    const TableName staged{name.schema, kStagedPrefix + std::to_string(publication_.tables.size() + 1)};
    if (schemas_.insert(name.schema).second) {
      create_schemas(*session_, {name.schema});
    }
    session_->execute(create_table_sql(*session_, shape, staged));
    session_->execute("INSERT INTO " + target_name(*session_, staged) + " SELECT i, 'v' || i FROM range(" +
                      std::to_string(rows) + ") r(i)");
    for (const Statement& statement : finish_table_sql(*session_, shape, staged)) {
      session_->execute(statement.sql);
    }
    publication_.tables.push_back({.staged = staged, .shape = shape});
    publication_.table_runs.push_back({.table = name,
                                       .mode = "full",
                                       .rows = static_cast<std::uint64_t>(rows),
                                       .bytes = 10,
                                       .seconds = 0.25,
                                       .status = "published",
                                       .error = ""});
    publication_.states.push_back({.source = {"public", name.name}, .target = name, .limited = false});
  }

  std::string publish_all(const std::function<void()>& before_commit = {}) {
    publication_.run = {.run_id = kRunId,
                        .started_at = "2024-05-01T10:00:00Z",
                        .status = "published",
                        .version = "1",
                        .source = "host=db",
                        .snapshot = "00000003-0000001B-1",
                        .snapshot_at = "2024-05-01T12:00:00.5+02:00",
                        .lsn = "0/1",
                        .error = ""};
    std::string at = publish(*session_, publication_, before_commit);
    publication_ = {};
    return at;
  }

  std::int64_t count(const TableName& name) {
    return session_->query_int("SELECT count(*) FROM " + target_name(*session_, name));
  }

  std::map<TableName, TableState> states_now() {
    return read_table_states(*session_, list_contents(*session_), ledger_version());
  }

  std::size_t drop_leftovers_now() { return drop_leftovers(*session_, list_contents(*session_)); }

  std::vector<std::string> names() {
    std::vector<std::string> all;
    for (const auto& [name, existing] : list_contents(*session_)) {
      if (name.schema != kLedgerSchema) {
        all.push_back(name.display() + (existing == Existing::kView ? " view" : ""));
      }
    }
    return all;
  }

  Publication publication_;
  std::set<std::string> schemas_;
};

TEST_F(PublishTest, ReplacesTablesAndRecordsTheRun) {
  stage({"main", "orders"}, 3);
  publish_all();
  stage({"main", "orders"}, 5);
  stage({"sales", "a \"b\".c"}, 2);
  const std::string at = publish_all();
  EXPECT_THAT(at, MatchesRegex("20[0-9-]+T[0-9:]+\\.[0-9]+Z"));
  EXPECT_EQ(count({"main", "orders"}), 5);
  EXPECT_EQ(count({"sales", "a \"b\".c"}), 2);
  EXPECT_EQ(names().size(), 3U);
  EXPECT_EQ(value("SELECT strftime(last_sync_time AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ') FROM"
                  " pg2duck_target.main.last_sync_time"),
            at);
  EXPECT_EQ(value("SELECT typeof(last_sync_time) FROM pg2duck_target.main.last_sync_time"), "TIMESTAMP WITH TIME ZONE");
  EXPECT_EQ(value("SELECT run_id || ' ' || status || ' ' || snapshot_at || ' ' || coalesce(error, '-') FROM"
                  " pg2duck_target._pg2duck.runs WHERE finished_at >= started_at LIMIT 1"),
            std::string(kRunId) + " published 2024-05-01 10:00:00.5+00 -");
  EXPECT_EQ(session_->query_int("SELECT sum(rows) FROM pg2duck_target._pg2duck.table_runs"), 10);
  EXPECT_EQ(states_now().size(), 2U);
}

TEST_F(PublishTest, ConstraintsAndCommentsSurvive) {
  for (int run = 0; run < 3; ++run) {
    stage({"main", "keyed"}, 1000, true);
    publish_all();
  }
  reopen();
  EXPECT_THAT(error_of([&] { session_->execute("INSERT INTO pg2duck_target.main.keyed VALUES (7, '')"); }).what(),
              HasSubstr("primary key"));
  EXPECT_THAT(error_of([&] { session_->execute("INSERT INTO pg2duck_target.main.keyed VALUES (NULL, '')"); }).what(),
              HasSubstr("NOT NULL"));
  EXPECT_EQ(value("SELECT comment FROM duckdb_tables() WHERE table_name = 'keyed'"), "it's a comment");
  EXPECT_EQ(value("SELECT comment FROM duckdb_columns() WHERE table_name = 'keyed' AND column_name = 'id'"),
            "the \"key\"");
}

TEST_F(PublishTest, AFailureBeforeTheCommitChangesNothing) {
  stage({"main", "orders"}, 3, true);
  const std::string before = publish_all();
  stage({"main", "orders"}, 5, true);
  stage({"main", "new"}, 5);
  EXPECT_THROW(publish_all([] { throw std::runtime_error("the process dies here"); }), std::runtime_error);
  EXPECT_EQ(count({"main", "orders"}), 3);
  EXPECT_EQ(session_->query_int("SELECT count(*) FROM pg2duck_target._pg2duck.runs"), 1);
  EXPECT_EQ(value("SELECT strftime(last_sync_time AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ') FROM"
                  " pg2duck_target.main.last_sync_time"),
            before);
  EXPECT_EQ(drop_leftovers_now(), 2U);
  EXPECT_EQ(drop_leftovers_now(), 0U);
  EXPECT_THAT(names(), ElementsAre("main.last_sync_time", "main.orders"));
}

TEST_F(PublishTest, NamesThatDifferInCaseAreOneTable) {
  stage({"Sales", "Orders"}, 3);
  publish_all();
  stage({"sales", "orders"}, 4);
  publish_all();
  EXPECT_EQ(count({"sales", "orders"}), 4);
  const auto states = states_now();
  ASSERT_EQ(states.size(), 1U);
  EXPECT_EQ(states.begin()->first.display(), "sales.orders");
}

TEST_F(PublishTest, ViewsOnReplacedTablesKeepWorking) {
  stage({"main", "orders"}, 3);
  publish_all();
  session_->execute("USE pg2duck_target; CREATE VIEW totals AS SELECT count(*) AS n FROM orders; USE memory");
  stage({"main", "orders"}, 8, true);
  publish_all();
  EXPECT_EQ(session_->query_int("SELECT n FROM pg2duck_target.main.totals"), 8);
  reopen();
  EXPECT_EQ(session_->query_int("SELECT n FROM pg2duck_target.main.totals"), 8);
}

TEST_F(PublishTest, AViewInTheWayIsKeptUnlessItMayGo) {
  session_->execute("CREATE VIEW pg2duck_target.main.\"Orders\" AS SELECT 1");
  stage({"main", "orders"}, 3);
  const Publication again = publication_;
  const Error error = error_of([&] { publish_all(); });
  EXPECT_EQ(error.kind(), ErrorKind::kConflict);
  EXPECT_THAT(error.what(), HasSubstr("table main.orders"));
  EXPECT_THAT(error.hint(), HasSubstr("--force"));
  EXPECT_THAT(names(), ElementsAre("main.\"Orders\" view", std::string("main.") + kStagedPrefix + "1"));
  publication_ = again;
  publication_.replace_views = true;
  publish_all();
  EXPECT_EQ(count({"main", "orders"}), 3);
}

TEST_F(PublishTest, ATableThatAForeignKeyNeedsIsAConflict) {
  stage({"main", "orders"}, 3, true);
  publish_all();
  session_->execute("USE pg2duck_target; CREATE TABLE notes(id INTEGER REFERENCES orders(id)); USE memory");
  stage({"main", "orders"}, 4, true);
  const Error error = error_of([&] { publish_all(); });
  EXPECT_EQ(error.kind(), ErrorKind::kConflict);
  EXPECT_THAT(error.what(), HasSubstr("notes"));
  EXPECT_EQ(count({"main", "orders"}), 3);
}

TEST_F(PublishTest, AHundredTablesInOneTransaction) {
  constexpr int kTables = 100;
  for (int run = 0; run < 2; ++run) {
    // One commit is much faster than one a statement.
    session_->execute("BEGIN TRANSACTION");
    for (int i = 0; i < kTables; ++i) {
      stage({i % 2 == 0 ? "main" : "other", "t" + std::to_string(i)}, run + 1);
    }
    session_->execute("COMMIT");
    publish_all();
  }
  reopen();
  EXPECT_EQ(session_->query_int("SELECT sum(estimated_size) FROM duckdb_tables() WHERE table_name LIKE 't%' AND"
                                " schema_name IN ('main', 'other')"),
            2 * kTables);
  EXPECT_EQ(states_now().size(), static_cast<std::size_t>(kTables));
  EXPECT_EQ(session_->query_int("SELECT count(*) FROM pg2duck_target._pg2duck.table_runs"), 2 * kTables);
}

TEST_F(PublishTest, ReservedLookingSchemasWork) {
  for (const char* schema : {"temp", "system", "memory", "pg2duck_target", "public", "target"}) {
    stage({schema, "t"}, 2, true);
  }
  publish_all();
  reopen();
  for (const char* schema : {"temp", "system", "memory", "pg2duck_target", "public", "target"}) {
    EXPECT_EQ(count({schema, "t"}), 2) << schema;
  }
}

TEST_F(PublishTest, SchemasThatDuckDbKeepsAreRefused) {
  for (const char* schema : {"pg_catalog", "Information_Schema"}) {
    const Error error = error_of([&] { create_schemas(*session_, {"fine", schema}); });
    EXPECT_EQ(error.kind(), ErrorKind::kConfig);
    EXPECT_THAT(error.what(), HasSubstr(schema));
    EXPECT_THAT(error.hint(), HasSubstr("--dataset"));
  }
  EXPECT_THAT(create_schemas(*session_, {"fine"}), ElementsAre("fine"));
}

TEST_F(PublishTest, OnlyEmptySchemasAreDropped) {
  EXPECT_THAT(create_schemas(*session_, {"main", "empty", "Full", "viewed", "full"}),
              ElementsAre("empty", "Full", "viewed"));
  EXPECT_THAT(create_schemas(*session_, {"EMPTY"}), IsEmpty());
  session_->execute("CREATE TABLE pg2duck_target.full.t(a INTEGER); CREATE VIEW pg2duck_target.viewed.v AS SELECT 1");
  drop_empty_schemas(*session_, {"main", "empty", "full", "viewed", "absent"});
  EXPECT_THAT(create_schemas(*session_, {"empty", "full", "viewed"}), ElementsAre("empty"));
}

TEST_F(PublishTest, OnlyStagedTablesAreLeftovers) {
  session_->execute("CREATE SCHEMA pg2duck_target.s");
  session_->execute("CREATE TABLE pg2duck_target.s._pg2duck_staged_17(a INTEGER)");
  session_->execute("CREATE TABLE pg2duck_target.s._pg2duck_staged_mine(a INTEGER)");
  EXPECT_EQ(drop_leftovers_now(), 1U);
  EXPECT_THAT(names(), ElementsAre("s._pg2duck_staged_mine"));
}

TEST_F(PublishTest, TheLedgerTakesAnyText) {
  RunRecord run{.run_id = kRunId,
                .started_at = "2024-05-01 10:00:00+00",
                .status = "failed",
                .version = "1",
                .source = "host='x'",
                .snapshot = "",
                .snapshot_at = "",
                .lsn = "",
                .error = std::string("it's \0 \xff bad; DROP TABLE", 24)};
  session_->execute_all(run_statements(*session_, run, {}));
  EXPECT_EQ(value("SELECT error FROM pg2duck_target._pg2duck.runs"), "it's ? ? bad; DROP TABLE");
  EXPECT_EQ(value("SELECT snapshot FROM pg2duck_target._pg2duck.runs"), "NULL");
  EXPECT_EQ(value("SELECT snapshot_at FROM pg2duck_target._pg2duck.runs"), "NULL");
}

TEST_F(PublishTest, StatesOfOtherTablesStay) {
  EXPECT_THAT(states_now(), IsEmpty());
  session_->execute_all(
      state_statements(*session_, kRunId,
                       {{.source = {"public", "a"}, .target = {"main", "a"}, .limited = true},
                        {.source = {"public", "\u00c9"}, .target = {"main", "\u00c9"}, .limited = false}}));
  session_->execute_all(
      state_statements(*session_, kRunId,
                       {{.source = {"public", "A"}, .target = {"main", "A"}, .limited = false},
                        {.source = {"public", "\u00e9"}, .target = {"main", "\u00e9"}, .limited = true}}));
  const auto states = states_now();
  ASSERT_EQ(states.size(), 3U);
  EXPECT_FALSE(states.at({"main", "A"}).limited);
  EXPECT_EQ(states.at({"main", "\u00e9"}).source.name, "\u00e9");
}

TEST_F(PublishTest, ColumnsAreReadAsTheyWereWritten) {
  const std::vector<ColumnState> columns{{.name = "id",
                                          .source_type = "bigint",
                                          .target_type = "BIGINT",
                                          .number = 1,
                                          .source_name = "id",
                                          .not_null = true},
                                         {.name = "it's",
                                          .source_type = "numeric",
                                          .target_type = "DECIMAL(9,2)",
                                          .profile = "9,2",
                                          .unrepresentable = 3,
                                          .number = 4,
                                          .source_name = "It's",
                                          .expression = "x + 1"},
                                         {.name = "it's__text", .source_type = "text", .target_type = "VARCHAR"}};
  const TableState state{.source = {"public", "a"}, .target = {"main", "a"}, .oid = 4'000'000'000, .columns = columns};
  session_->execute_all(state_statements(*session_, kRunId, {state}));
  const auto states = states_now();
  EXPECT_EQ(states.at(state.target).oid, state.oid);
  EXPECT_THAT(states.at(state.target).columns, UnorderedElementsAreArray(columns));
}

TEST_F(PublishTest, ColumnsThatAreTheSameStayAsTheyAre) {
  constexpr const char* kNextRun = "00000000-0000-0000-0000-000000000002";
  TableState state{.source = {"public", "a"},
                   .target = {"main", "a"},
                   .columns = {{.name = "id", .source_type = "int", .target_type = "INTEGER", .number = 1}}};
  session_->execute_all(state_statements(*session_, kRunId, {state}));
  state.same_columns = true;
  session_->execute_all(state_statements(*session_, kNextRun, {state}));
  EXPECT_EQ(value("SELECT CAST(run_id AS VARCHAR) FROM pg2duck_target._pg2duck.tables"), kNextRun);
  EXPECT_EQ(value("SELECT CAST(run_id AS VARCHAR) FROM pg2duck_target._pg2duck.columns"), kRunId);
  EXPECT_THAT(states_now().at(state.target).columns, ElementsAreArray(state.columns));
}

}  // namespace
}  // namespace pg2duck::destination
