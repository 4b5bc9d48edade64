#include <duckdb.h>
#include <gtest/gtest.h>

#include "support/servers/postgres_server.hpp"
#include "sync/run.hpp"

namespace pg2duck::sync {
namespace {

/// Throws what is no std::exception at one of the events, and at each notice.
class Thrower : public Listener {
 public:
  enum class At { kPlan, kStart, kFinish, kLoaded };

  /// What `before` does is done before it throws.
  Thrower(At at, std::function<void()> before) : at_(at), before_(std::move(before)) {}

  void on_plan(const std::vector<TablePlan>& /*plan*/) override { throw_at(At::kPlan); }

  void on_table_started(const TableName& /*table*/) override { throw_at(At::kStart); }

  void on_table_finished(const TableReport& /*table*/) override { throw_at(At::kFinish); }

  void on_phase(Phase phase) override {
    if (phase == Phase::kLoaded) {
      throw_at(At::kLoaded);
    }
  }

  void on_notice(const std::string& text) override {
    notices.push_back(text);
    throw 43;
  }

  std::vector<std::string> notices;

 private:
  void throw_at(At at) const {
    if (at == at_) {
      before_();
      throw 42;
    }
  }

  At at_;
  std::function<void()> before_;
};

/// Two tables in Postgres, and a DuckDB in memory that takes them.
class ThrowingListener : public testing::TestWithParam<Thrower::At> {
 protected:
  ThrowingListener() {
    database_.execute("CREATE TABLE one AS SELECT generate_series(1, 100) AS id; CREATE TABLE two AS TABLE one");
    duckdb_open(nullptr, &instance_);
  }

  ~ThrowingListener() override { duckdb_close(&instance_); }

  void execute(const char* sql) {
    duckdb_connection connection = nullptr;
    duckdb_connect(instance_, &connection);
    EXPECT_EQ(duckdb_query(connection, sql, nullptr), DuckDBSuccess) << sql;
    duckdb_disconnect(&connection);
  }

  void expect_failure(Thrower& listener) {
    config::CopyOptions options;
    options.source = Secret(database_.uri());
    options.instance = instance_;
    options.target = "memory";
    options.jobs = 1;
    const RunReport report = run(options, listener);
    ASSERT_TRUE(report.error.has_value());
    EXPECT_EQ(report.error->kind(), ErrorKind::kBug);
    EXPECT_NE(report.error->message().find("no exception"), std::string::npos) << report.error->message();
    EXPECT_EQ(report.exit_code(), 1);
    EXPECT_TRUE(report.last_sync_time.empty());
  }

  test::TestDatabase database_;
  duckdb_database instance_ = nullptr;
};

TEST_P(ThrowingListener, FailsTheRunAndNotTheProcess) {
  Thrower listener(GetParam(), [] {});
  expect_failure(listener);
  EXPECT_TRUE(listener.notices.empty());
}

TEST_F(ThrowingListener, FailsTheRunAlsoWhenThatCannotBeRecorded) {
  Thrower listener(Thrower::At::kStart, [this] {
    execute("DROP TABLE memory._pg2duck.runs; CREATE VIEW memory._pg2duck.runs AS SELECT 1 AS i");
  });
  expect_failure(listener);
  ASSERT_EQ(listener.notices.size(), 1U);
  EXPECT_TRUE(listener.notices[0].starts_with("the failed run could not be recorded")) << listener.notices[0];
}

INSTANTIATE_TEST_SUITE_P(Events, ThrowingListener,
                         testing::Values(Thrower::At::kPlan, Thrower::At::kStart, Thrower::At::kFinish,
                                         Thrower::At::kLoaded));

}  // namespace
}  // namespace pg2duck::sync
