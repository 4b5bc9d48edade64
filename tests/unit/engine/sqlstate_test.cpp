#include "engine/sqlstate.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "engine/statement.hpp"
#include "support/error_of.hpp"

namespace pg2duck::engine {
namespace {

/// What SQL fails with.
using Case = std::pair<const char*, const char*>;

class Sqlstate : public ::testing::TestWithParam<Case> {};

TEST_P(Sqlstate, IsThatOfWhatDuckdbSays) {
  const Instance instance = Instance::start({});
  const Connection connection(instance);
  run_statement(
      connection,
      "CREATE TABLE t (a INTEGER PRIMARY KEY, b INTEGER NOT NULL, CHECK (b > 0)); INSERT INTO t VALUES (1, 1);"
      "CREATE TABLE child (a INTEGER REFERENCES t (a)); CREATE SCHEMA s; CREATE VIEW v AS SELECT 1");
  const Error error = test::error_of([&] { run_statement(connection, GetParam().first); });
  EXPECT_EQ(error.sqlstate(), GetParam().second) << error.what();
}

INSTANTIATE_TEST_SUITE_P(
    Statements, Sqlstate,
    ::testing::Values(Case{"selec 1", "42601"}, Case{"SELECT (SELECT 1, 2)", "42601"},
                      Case{"SELECT a FROM nowhere", "42P01"}, Case{"SELECT x.a FROM t", "42P01"},
                      Case{"SELECT nothing FROM t", "42703"}, Case{"CREATE INDEX i ON t (nothing)", "42703"},
                      Case{"SELECT nothing()", "42883"}, Case{"SELECT strftime(1, 'x')", "42883"},
                      Case{"CREATE TABLE nowhere.t (a INTEGER)", "3F000"}, Case{"DROP SCHEMA nowhere", "3F000"},
                      Case{"CREATE TABLE t (a INTEGER)", "42P07"}, Case{"CREATE SCHEMA s", "42P06"},
                      Case{"DROP VIEW t", "42809"}, Case{"SET nothing = 1", "42704"},
                      Case{"SELECT CAST('x' AS INTEGER)", "22018"}, Case{"SELECT CAST(1000 AS TINYINT)", "22018"},
                      Case{"SELECT sqrt(-1)", "22003"}, Case{"SELECT error('x')", "22023"},
                      Case{"INSERT INTO t VALUES (2, NULL)", "23502"}, Case{"INSERT INTO t VALUES (1, 1)", "23505"},
                      Case{"INSERT INTO child VALUES (2)", "23503"}, Case{"INSERT INTO t VALUES (2, 0)", "23514"},
                      Case{"DROP TABLE t", "2BP01"}, Case{"COMMIT", "25P01"}, Case{"BEGIN; BEGIN", "25001"},
                      Case{"BEGIN; SELECT error('x')", "22023"},
                      Case{"SET memory_limit = '1MB'; SELECT list(i) FROM range(10000000) r(i)", "53200"},
                      Case{"ATTACH '/nowhere/x.duckdb'", "58P01"}, Case{"LOAD nothing", "58030"},
                      Case{"FROM read_csv('/nowhere.csv')", "58030"}));

TEST(SqlstateOfText, KnowsClassesThatATestCannotCause) {
  for (const auto& [text, sqlstate] :
       std::vector<Case>{{"INTERRUPT Error: Interrupted!", "57014"},
                         {"Permission Error: Extension loading is disabled", "42501"},
                         {"TransactionContext Error: Failed to commit: write-write conflict on key", "40001"},
                         {"TransactionContext Error: Conflict on tuple deletion!", "40001"},
                         {"TransactionContext Error: Current transaction is aborted (please ROLLBACK)", "25P02"},
                         {"IO Error: Could not write file: No space left on device", "53100"},
                         {"HTTP Error: HTTP GET error", "08006"},
                         {"Not implemented Error: no", "0A000"},
                         {"FATAL Error: Failed: database has been invalidated", "XX000"},
                         {"INTERNAL Error: Attempted to access index", "XX000"},
                         {"Dependency Error: Cannot drop entry", "2BP01"}}) {
    EXPECT_EQ(sqlstate_of(text), sqlstate) << text;
  }
  EXPECT_EQ(sqlstate_of("Constraint"), "");
  EXPECT_EQ(sqlstate_of("Some other Error: x"), "");
}

}  // namespace
}  // namespace pg2duck::engine
