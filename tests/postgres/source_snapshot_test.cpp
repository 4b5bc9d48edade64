#include <algorithm>
#include <chrono>
#include <functional>
#include <future>
#include <thread>

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "source/read/ranges.hpp"
#include "source/read/snapshot.hpp"
#include "support/error_of.hpp"
#include "support/servers/postgres_server.hpp"

namespace pg2duck::source {
namespace {

using test::error_of;
using test::eventually;
using test::open_connection;
using test::stop_after;
using test::TestDatabase;
using testing::HasSubstr;

class SourceSnapshot : public testing::Test {
 protected:
  SourceSnapshot() : other_(database_.connect()) {}

  /// The user's relations with these names, in this order.
  std::vector<RelationEntry> relations(const std::vector<std::string>& names) {
    const auto all = list_relations(other_);
    std::vector<RelationEntry> chosen;
    for (const std::string& name : names) {
      const auto found = std::ranges::find_if(
          all, [&](const RelationEntry& entry) { return !entry.is_system && entry.name.name == name; });
      EXPECT_NE(found, all.end()) << name;
      chosen.push_back(*found);
    }
    return chosen;
  }

  [[nodiscard]] Connection connect(const std::string& options = "") const {
    return open_connection(database_.uri() + "?options=" + options);
  }

  /// Takes the snapshot in another thread, waits until it queues for a lock, then runs `meanwhile`.
  Snapshot take_while_blocked(const std::vector<RelationEntry>& chosen, const std::function<void()>& meanwhile) {
    auto taken = std::async(std::launch::async, [&] { return Snapshot::take(connect(), chosen); });
    Connection watcher = database_.connect();
    EXPECT_TRUE(eventually([&] { return watcher.query("SELECT FROM pg_locks WHERE NOT granted").rows() > 0; }));
    meanwhile();
    return taken.get();
  }

  TestDatabase database_;
  Connection other_;
};

TEST_F(SourceSnapshot, OthersReadTheSameInstant) {
  other_.execute("CREATE TABLE t AS SELECT g AS a FROM generate_series(1, 100) g");
  Snapshot snapshot = Snapshot::take(connect(), relations({"t"}));
  EXPECT_FALSE(snapshot.id().empty());
  EXPECT_THAT(snapshot.taken_at(), testing::MatchesRegex("[0-9]+-[0-9]+-[0-9]+T[0-9]+:[0-9]+:[0-9]+\\.[0-9]+\\+00:00"));
  EXPECT_THAT(snapshot.lsn(), testing::MatchesRegex("[0-9A-F]+/[0-9A-F]+"));
  other_.execute("DELETE FROM t WHERE a <= 40; INSERT INTO t VALUES (1000)");
  const ConnectionInfo info = ConnectionInfo::parse(Secret(database_.uri()));
  for (int i = 0; i < 2; ++i) {
    Connection reader = open_at_snapshot(info, snapshot.id(), {}, {});
    EXPECT_EQ(reader.query("SELECT count(*) FROM public.t").integer(0, 0), 100);
    EXPECT_EQ(reader.query("SHOW transaction_isolation").text(0, 0), "repeatable read");
    EXPECT_EQ(reader.query("SHOW transaction_read_only").text(0, 0), "on");
    EXPECT_EQ(reader.query("SHOW timezone").text(0, 0), "UTC");
  }
  EXPECT_EQ(snapshot.connection().query("SELECT count(*) FROM public.t").integer(0, 0), 100);
  EXPECT_EQ(other_.query("SELECT count(*) FROM t").integer(0, 0), 61);
}

TEST_F(SourceSnapshot, AnUnknownSnapshotIsAnError) {
  const ConnectionInfo info = ConnectionInfo::parse(Secret(database_.uri()));
  std::string ended;
  std::string pid;
  other_.execute("CREATE TABLE t (a int)");
  {
    Snapshot snapshot = Snapshot::take(connect(), relations({"t"}));
    ended = snapshot.id();
    pid = std::to_string(snapshot.connection().backend_pid());
  }
  // The server takes a moment to end the session that held it.
  EXPECT_TRUE(eventually([&] { return other_.query("SELECT FROM pg_stat_activity WHERE pid = " + pid).rows() == 0; }));
  for (const std::string& id : {std::string("no'such"), ended}) {
    EXPECT_THAT(error_of([&] { open_at_snapshot(info, id, {}, {}); }).what(), HasSubstr("importing the snapshot"));
  }
}

TEST_F(SourceSnapshot, LocksPrecedeTheSnapshot) {
  // What the blocking transaction did must be seen: a rewrite empties the table for every older snapshot.
  other_.execute("CREATE TABLE t AS SELECT g AS a FROM generate_series(1, 10) g");
  const auto chosen = relations({"t"});
  other_.execute("BEGIN; UPDATE t SET a = a + 100; ALTER TABLE t ALTER a TYPE bigint; INSERT INTO t VALUES (7)");
  Snapshot snapshot = take_while_blocked(chosen, [&] { other_.execute("COMMIT"); });
  EXPECT_EQ(snapshot.connection().query("SELECT count(*) FROM public.t").integer(0, 0), 11);
  EXPECT_EQ(snapshot.connection().query("SELECT count(*) FROM public.t WHERE a > 100").integer(0, 0), 10);
  const Catalog catalog = read_catalog(snapshot.connection(), {chosen[0].oid});
  EXPECT_EQ(catalog.tables[0].columns[0].type, types::oid::kInt8);
  Connection reader = open_at_snapshot(ConnectionInfo::parse(Secret(database_.uri())), snapshot.id(), {}, {});
  EXPECT_EQ(reader.query("SELECT sum(a) FROM public.t").integer(0, 0), 55 + 1000 + 7);
}

TEST_F(SourceSnapshot, SettingsTakeNoSnapshot) {
  other_.execute("CREATE TABLE t (a int)");
  Connection connection = connect();
  connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
  set_reading_environment(connection);
  connection.execute("LOCK TABLE public.t IN ACCESS SHARE MODE");
  other_.execute("INSERT INTO t VALUES (1)");
  EXPECT_EQ(connection.query("SELECT count(*) FROM public.t").integer(0, 0), 1);
}

TEST_F(SourceSnapshot, DdlWaitsUntilTheCopyIsOver) {
  other_.execute(
      "CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p DEFAULT;"
      "CREATE VIEW v AS SELECT 1 AS one; SET lock_timeout = 50");
  const Snapshot snapshot = Snapshot::take(connect(), relations({"p", "v"}));
  for (const char* ddl : {"DROP TABLE p", "TRUNCATE p1", "ALTER TABLE p ADD COLUMN b int", "DROP VIEW v"}) {
    EXPECT_EQ(error_of([&] { other_.execute(ddl); }).sqlstate(), "55P03") << ddl;
  }
}

TEST_F(SourceSnapshot, ALockedTableNamesTheHolder) {
  other_.execute("CREATE TABLE free (a int); CREATE TABLE held (a int)");
  const auto chosen = relations({"free", "held"});
  Connection holder = open_connection(database_.uri() + "?application_name=nightly");
  holder.execute("BEGIN");
  holder.execute("LOCK TABLE held IN   ACCESS EXCLUSIVE MODE");
  const Error error = error_of([&] { Snapshot::take(connect("-c%20lock_timeout%3D200"), chosen); });
  EXPECT_EQ(error.kind(), ErrorKind::kConflict);
  EXPECT_EQ(error.sqlstate(), "55P03");
  const std::string pid = std::to_string(holder.backend_pid());
  EXPECT_THAT(error.message(), HasSubstr("table public.held is locked by pid " + pid +
                                         " (user postgres, application "
                                         "nightly, idle in transaction, since "));
  EXPECT_THAT(error.message(), HasSubstr(": LOCK TABLE held IN ACCESS EXCLUSIVE MODE"));
  EXPECT_THAT(error.hint(), HasSubstr("SELECT pg_terminate_backend(" + pid + ")"));
  EXPECT_THAT(error.hint(), HasSubstr("lock_timeout=60s"));
}

TEST_F(SourceSnapshot, StopEndsTheWaitForALock) {
  other_.execute("CREATE TABLE held (a int)");
  const auto chosen = relations({"held"});
  other_.execute("BEGIN; LOCK TABLE held");
  std::stop_source stop;
  const std::jthread stopper = stop_after(stop, std::chrono::milliseconds(200));
  const Error error = error_of([&] { Snapshot::take(database_.connect("postgres", stop.get_token()), chosen); });
  EXPECT_EQ(error.kind(), ErrorKind::kCancelled);
}

TEST_F(SourceSnapshot, GoneAndReplacedTablesAreDrift) {
  other_.execute("CREATE TABLE a (x int); CREATE TABLE b (x int); CREATE TABLE c (x int)");
  const auto chosen = relations({"a", "b"});
  other_.execute("DROP TABLE a");
  EXPECT_EQ(error_of([&] { Snapshot::take(connect(), chosen); }).kind(), ErrorKind::kSchemaDrift);
  other_.execute("ALTER TABLE c RENAME TO a");
  const Error replaced = error_of([&] { Snapshot::take(connect(), chosen); });
  EXPECT_EQ(replaced.kind(), ErrorKind::kSchemaDrift);
  EXPECT_THAT(replaced.message(), HasSubstr("public.a was dropped or replaced"));
  const auto swapped = relations({"b"});
  other_.execute("ALTER TABLE b RENAME TO b_old; CREATE TABLE b (x int)");
  EXPECT_THAT(error_of([&] { Snapshot::take(connect(), swapped); }).message(), HasSubstr("renamed to public.b_old"));
}

TEST_F(SourceSnapshot, MissingRightsAreTold) {
  other_.execute("CREATE ROLE reader LOGIN; CREATE TABLE t (a int)");
  const auto chosen = relations({"t"});
  const Error error = error_of([&] { Snapshot::take(database_.connect("reader"), chosen); });
  EXPECT_EQ(error.kind(), ErrorKind::kPermission);
  EXPECT_THAT(error.hint(), HasSubstr("GRANT SELECT"));
  other_.execute("DROP ROLE reader");
}

TEST_F(SourceSnapshot, TakesMaterializedViewsAndManyTables) {
  std::string sql = "CREATE TABLE base (a int); CREATE MATERIALIZED VIEW m AS SELECT 1 AS one;";
  std::vector<std::string> names = {"m", "base"};
  for (int i = 0; i < 520; ++i) {
    names.push_back("t" + std::to_string(i));
    sql += "CREATE TABLE " + names.back() + " ();";
  }
  other_.execute(sql);
  Snapshot snapshot = Snapshot::take(connect(), relations(names));
  EXPECT_EQ(snapshot.connection()
                .query("SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation WHERE l.pid ="
                       " pg_backend_pid() AND c.relnamespace = 'public'::regnamespace AND l.mode = 'AccessShareLock'")
                .integer(0, 0),
            522);
}

TEST_F(SourceSnapshot, ARefreshInBetweenIsFound) {
  other_.execute(
      "CREATE TABLE t (a int); CREATE MATERIALIZED VIEW m AS SELECT count(*) AS n FROM t;"
      "INSERT INTO t VALUES (1)");
  const auto chosen = relations({"t", "m"});
  // The refresh holds the view when the snapshot is taken, and ends before the view can be locked.
  other_.execute("BEGIN; REFRESH MATERIALIZED VIEW m");
  const Error error = error_of([&] { take_while_blocked(chosen, [&] { other_.execute("COMMIT"); }); });
  EXPECT_EQ(error.kind(), ErrorKind::kSchemaDrift);
  EXPECT_THAT(error.message(), HasSubstr("materialized view public.m was refreshed"));
}

TEST_F(SourceSnapshot, RangesReadEveryRowOnceAndFindValues) {
  other_.execute(
      "CREATE TABLE t AS SELECT g AS a, repeat('x', 500) AS pad FROM generate_series(1, 20000) g;"
      "DELETE FROM t WHERE a % 3 = 0");
  const auto chosen = relations({"t"});
  Snapshot snapshot = Snapshot::take(connect(), chosen);
  Connection& session = snapshot.connection();
  const ReadRange first{.relation = {"public", "t"}, .only = true, .first_block = 0, .end_block = 500};
  const ReadRange second{.relation = {"public", "t"}, .only = true, .first_block = 500, .end_block = std::nullopt};
  std::uint64_t rows = 0;
  for (const ReadRange& range : {first, second}) {
    session.start_copy(copy_sql(range, {.select_list = "\"a\""}));
    while (session.next_message()) {
    }
    session.release_messages();
    rows += session.copied_rows();
  }
  EXPECT_EQ(rows, 13334U);
  for (const ReadRange& range : {first, second}) {
    const Result order = session.query(select_sql(range, {.select_list = "ctid, a"}));
    for (const std::size_t row : {std::size_t{0}, std::size_t{17}, order.rows() - 1}) {
      const FoundValue found = find_value(session, range, {}, {row, {}}, "a::pg_catalog.text");
      EXPECT_EQ(found.ctid, order.text(row, 0));
      EXPECT_EQ(found.text, order.text(row, 1));
    }
    EXPECT_EQ(find_value(session, range, {}, {order.rows(), {}}, "a::pg_catalog.text").ctid, "");
  }
  const ReadRange wrong{.relation = {"public", "nowhere"}, .first_block = std::nullopt, .end_block = std::nullopt};
  EXPECT_EQ(find_value(session, wrong, {}, {0, {}}, "'x'").ctid, "");
  EXPECT_EQ(find_value(session, first, {.condition = "a > 1000", .alias = "t"}, {0, {}}, "a::pg_catalog.text").text,
            "1001");
  EXPECT_EQ(session.query(select_sql(first, {.limit = 5})).rows(), 5U);
}

}  // namespace
}  // namespace pg2duck::source
