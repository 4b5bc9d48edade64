#include "destination/targets/service.hpp"

#include "destination/targets/dialect.hpp"
#include "unit/destination/fixture.hpp"

namespace pg2duck::destination {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// The functions by which MotherDuck tells what a database is, as macros of a database that is none of its.
class ServiceTest : public TargetTest {
 protected:
  ServiceTest() { session_->execute("USE pg2duck_target.main"); }

  void service_says(const std::string& type, const std::string& instance) {
    session_->execute(
        "CREATE OR REPLACE MACRO md_all_databases() AS TABLE SELECT unnest(['other', 'shop']) AS alias, "
        "true AS is_attached, unnest(['motherduck share', '" +
        type + "']) AS type");
    session_->execute("CREATE OR REPLACE MACRO __md_duckling_id() AS TABLE SELECT '" + instance + "' AS id");
  }

  Dialect adapted() {
    Dialect dialect = dialect_of(config::TargetKind::kMotherduck, config::Profile::kTarget);
    adapt_to_service(session_->connection(), "shop", dialect);
    return dialect;
  }
};

TEST_F(ServiceTest, ADatabaseOfOnesOwnTakesAll) {
  service_says("motherduck", "someone.rw");
  const Dialect dialect = adapted();
  EXPECT_TRUE(dialect.supports.primary_keys && dialect.supports.all_types && dialect.supports.snapshots);
}

TEST_F(ServiceTest, ALakeTakesWhatLakesTake) {
  service_says("motherduck ducklake", "someone.rw");
  const Dialect dialect = adapted();
  EXPECT_FALSE(dialect.supports.primary_keys || dialect.supports.all_types || dialect.supports.snapshots);
  EXPECT_TRUE(dialect.supports.changes && dialect.supports.writer_lease);
  EXPECT_EQ(stored_type(dialect, types::DuckType::of(types::DuckTypeId::kInterval)).sql(), "VARCHAR");
}

TEST_F(ServiceTest, WhatIsForReadingOnlyIsRefused) {
  service_says("motherduck share", "someone.rw");
  Error error = error_of([&] { (void)adapted(); });
  EXPECT_EQ(error.kind(), ErrorKind::kPermission);
  EXPECT_THAT(error.what(), HasSubstr("'shop' is a share"));
  service_says("motherduck", "someone.rs.3");
  error = error_of([&] { (void)adapted(); });
  EXPECT_EQ(error.kind(), ErrorKind::kPermission);
  EXPECT_THAT(error.hint(), HasSubstr("read/write token"));
}

TEST_F(ServiceTest, AVersionThatTellsNothingIsTakenAsItIs) {
  EXPECT_TRUE(adapted().supports.primary_keys);
}

TEST(CreateDatabase, SendsItToTheServiceAsAWhole) {
  std::vector<std::string> sent;
  Dialect dialect = dialect_of(config::TargetKind::kMotherduck, config::Profile::kTarget);
  // DuckDB itself takes this path, and has no such statement.
  dialect.extensions = {};
  const TempDirectory directory;
  const std::string service = directory.file("service.duckdb");
  dialect.service.path = service;
  const DatabaseOptions options{.path = "sh\"op",
                                .kind = config::TargetKind::kMotherduck,
                                .on_statement = [&](std::string_view sql) { sent.emplace_back(sql); }};
  const Error error = error_of([&] { create_database(options, dialect); });
  EXPECT_THAT(error.what(), HasSubstr("DATABASE"));
  EXPECT_THAT(sent, ElementsAre("ATTACH '" + service + "'", R"(CREATE DATABASE IF NOT EXISTS "sh""op")"));
}

}  // namespace
}  // namespace pg2duck::destination
