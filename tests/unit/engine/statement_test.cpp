#include "engine/statement.hpp"

#include <chrono>
#include <cstdint>
#include <numeric>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/rows.hpp"
#include "support/error_of.hpp"

namespace pg2duck::engine {
namespace {

using test::error_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class StatementTest : public ::testing::Test {
 protected:
  Instance instance_ = Instance::start({.threads = 2, .memory_limit_bytes = 200'000'000});
  Connection connection_{instance_};
};

TEST_F(StatementTest, ValuesKeepTheirTypesOnTheWayInAndOut) {
  PreparedStatement statement(connection_,
                              "SELECT typeof($1), typeof($2), typeof($3), typeof($4), typeof($5), typeof($6), "
                              "typeof($7), typeof($8), $1, $2, $3, $4, $5, $6, $7, $8, $9 IS NULL");
  statement.bind(1, true);
  statement.bind(2, std::int64_t{1} << 62);
  statement.bind(3, 0.1);
  statement.bind(4, std::string("it's \0 text", 11));
  statement.bind(5, Blob{std::string("\xff\0\x01 more than twelve bytes", 26)});
  statement.bind(6, Date{19782});
  statement.bind(7, Timestamp{1'709'208'000'000'001});
  statement.bind(8, TimestampTz{-1});
  statement.bind(9, std::monostate());
  Result result = statement.run();
  ASSERT_TRUE(result.next());
  ASSERT_EQ(result.rows(), 1U);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < 8; ++i) {
    names.emplace_back(result.column(i).bytes(0));
  }
  EXPECT_THAT(names, ElementsAre("BOOLEAN", "BIGINT", "DOUBLE", "VARCHAR", "BLOB", "DATE", "TIMESTAMP",
                                 "TIMESTAMP WITH TIME ZONE"));
  EXPECT_TRUE(result.column(8).values<bool>()[0]);
  EXPECT_EQ(result.column(9).values<std::int64_t>()[0], std::int64_t{1} << 62);
  EXPECT_EQ(result.column(10).values<double>()[0], 0.1);
  EXPECT_EQ(result.column(11).bytes(0), std::string_view("it's \0 text", 11));
  EXPECT_EQ(result.column(12).bytes(0), std::string_view("\xff\0\x01 more than twelve bytes", 26));
  EXPECT_EQ(result.column(13).values<std::int32_t>()[0], 19782);
  EXPECT_EQ(result.column(14).values<std::int64_t>()[0], 1'709'208'000'000'001);
  EXPECT_EQ(result.column(15).values<std::int64_t>()[0], -1);
  EXPECT_TRUE(result.column(16).values<bool>()[0]);
  EXPECT_FALSE(result.next());
}

TEST_F(StatementTest, AStatementRunsAgainWithOtherParameters) {
  PreparedStatement statement(connection_, "SELECT $1 + 1");
  for (const std::int64_t number : {1, 41}) {
    statement.bind(1, number);
    Result result = statement.run(Delivery::kStreamed);
    ASSERT_TRUE(result.next());
    EXPECT_EQ(result.column(0).values<std::int64_t>()[0], number + 1);
  }
  EXPECT_EQ(error_of([&] { statement.bind(2, true); }).kind(), ErrorKind::kDestination);
}

TEST_F(StatementTest, ColumnsAreKnownBeforeItRuns) {
  const PreparedStatement statement(connection_, "SELECT 1::DECIMAL(9,2) AS d, [1.5::DOUBLE] AS l, {'a': 1} AS s");
  ASSERT_EQ(statement.columns(), 3U);
  EXPECT_EQ(statement.column_type(0), types::DuckType::decimal(9, 2));
  EXPECT_EQ(statement.column_type(1)->sql(), "DOUBLE[]");
  EXPECT_FALSE(statement.column_type(2).has_value());
}

TEST_F(StatementTest, AStreamIsLargerThanMemory) {
  const PreparedStatement statement(connection_,
                                    "SELECT i, repeat('x', 1000), 7, NULL FROM range(1000000) r(i) WHERE i % 3 <> 1");
  Result result = statement.run(Delivery::kStreamed);
  std::uint64_t rows = 0;
  std::int64_t sum = 0;
  while (result.next()) {
    const ColumnReader number = result.column(0);
    const ColumnReader text = result.column(1);
    for (std::size_t row = 0; row < result.rows(); ++row) {
      sum += number.values<std::int64_t>()[row];
      ASSERT_EQ(text.bytes(row).size(), 1000U);
      ASSERT_EQ(result.column(2).values<std::int32_t>()[row], 7);
      ASSERT_TRUE(result.column(3).is_null(row) && !number.is_null(row));
    }
    rows += result.rows();
  }
  EXPECT_EQ(rows, 666'667U);
  EXPECT_EQ(sum, 333'333'333'333);
}

TEST_F(StatementTest, AFailureInTheMiddleOfAStreamIsThrown) {
  const PreparedStatement statement(
      connection_, "SELECT CASE WHEN i = 900000 THEN error('too far') ELSE i::VARCHAR END FROM range(1000000) r(i)");
  Result result = statement.run(Delivery::kStreamed);
  ASSERT_TRUE(result.next());
  const Error error = error_of([&] {
    while (result.next()) {
    }
  });
  EXPECT_THAT(error.what(), HasSubstr("too far"));
  EXPECT_EQ(run_query(connection_, "SELECT 1").rows.size(), 1U);
}

TEST_F(StatementTest, AStreamThatIsLeftKeepsNothingFromRunning) {
  {
    const PreparedStatement statement(connection_, "SELECT i FROM range(10000000) r(i)");
    Result result = statement.run(Delivery::kStreamed);
    ASSERT_TRUE(result.next());
  }
  EXPECT_EQ(run_query(connection_, "SELECT count(*) FROM range(10)").rows.at(0).at(0), "10");
}

TEST_F(StatementTest, AnInterruptEndsAStream) {
  const PreparedStatement statement(connection_, "SELECT sum(a.i * b.i) FROM range(100000000) a(i), range(1000) b(i)");
  std::jthread other([this] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    connection_.interrupt();
  });
  const Error error = error_of([&] {
    Result result = statement.run(Delivery::kStreamed);
    (void)result.next();
  });
  EXPECT_EQ(error.kind(), ErrorKind::kCancelled);
  EXPECT_EQ(error.sqlstate(), "57014");
}

TEST_F(StatementTest, OfSeveralStatementsTheLastOneCounts) {
  EXPECT_EQ(run_statement(connection_, "CREATE TABLE t (a INTEGER); INSERT INTO t FROM range(3)"), 3U);
  const Rows rows = run_query(connection_, "INSERT INTO t VALUES (7), (NULL); SELECT max(a) AS most, count(*) FROM t");
  EXPECT_THAT(rows.columns, ElementsAre("most", "count_star()"));
  EXPECT_THAT(rows.rows.at(0), ElementsAre("7", "5"));
}

TEST_F(StatementTest, AParameterStandsInNoError) {
  run_with_parameter(connection_, "SET VARIABLE secret = $1", "hush");
  EXPECT_EQ(run_query(connection_, "SELECT getvariable('secret')").rows.at(0).at(0), "hush");
  const Error error = error_of([&] { run_with_parameter(connection_, "SELECT CAST($1 AS INTEGER)", "hush"); });
  EXPECT_THAT(error.what(), Not(HasSubstr("hush")));
}

TEST_F(StatementTest, WhatCannotBePreparedSaysWhyInDuckdbsWords) {
  std::string words;
  EXPECT_FALSE(PreparedStatement::try_prepare(connection_, "SELECT nothing", words).has_value());
  EXPECT_THAT(words, ::testing::StartsWith("Binder Error: Referenced column \"nothing\""));
  EXPECT_TRUE(PreparedStatement::try_prepare(connection_, "SELECT 1", words).has_value());
}

}  // namespace
}  // namespace pg2duck::engine
