#include <gmock/gmock.h>

#include "source/catalog/column_statistics.hpp"
#include "support/servers/postgres_server.hpp"

namespace pg2duck::source {
namespace {

using test::TestDatabase;

class SourceColumnStatistics : public testing::Test {
 protected:
  SourceColumnStatistics() : connection_(database_.connect()) {}

  types::Oid oid_of(const std::string& name) {
    return static_cast<types::Oid>(connection_.query("SELECT '" + name + "'::regclass::oid").integer(0, 0));
  }

  TestDatabase database_;
  Connection connection_;
};

TEST_F(SourceColumnStatistics, AreThoseOfAnalyze) {
  connection_.execute(
      "CREATE SCHEMA \"Odd.One\"; CREATE TABLE \"Odd.One\".t (id text, few text, empty text, \"A, \"\"b\" text);"
      "INSERT INTO \"Odd.One\".t SELECT i, 'value ' || i % 4, NULL, CASE WHEN i % 4 = 0 THEN 'x' END"
      " FROM generate_series(1, 1000) AS i; ANALYZE \"Odd.One\".t");
  const types::Oid oid = oid_of("\"Odd.One\".t");
  const auto columns = read_column_statistics(connection_, {oid}).at(oid);
  ASSERT_EQ(columns.size(), 4U);
  EXPECT_EQ(columns.at("id").distinct, -1);
  EXPECT_EQ(columns.at("few").distinct, 4);
  EXPECT_EQ(columns.at("few").average_bytes, 8);
  EXPECT_EQ(columns.at("empty").null_fraction, 1);
  EXPECT_EQ(columns.at("A, \"b").null_fraction, 0.75);
}

TEST_F(SourceColumnStatistics, AreMissingWhereNothingIsKnown) {
  connection_.execute("CREATE TABLE fresh (a text); INSERT INTO fresh VALUES ('x')");
  EXPECT_TRUE(read_column_statistics(connection_, {oid_of("fresh")}).empty());
  EXPECT_TRUE(read_column_statistics(connection_, {}).empty());
}

TEST_F(SourceColumnStatistics, OfATableWithPartsAreAboutAllOfThem) {
  connection_.execute(
      "CREATE TABLE parent (a text); CREATE TABLE child () INHERITS (parent);"
      "INSERT INTO parent SELECT 'same' FROM generate_series(1, 500);"
      "INSERT INTO child SELECT i FROM generate_series(1, 500) AS i; ANALYZE parent");
  const types::Oid oid = oid_of("parent");
  EXPECT_NE(read_column_statistics(connection_, {oid}).at(oid).at("a").distinct, 1);
}

TEST_F(SourceColumnStatistics, OfColumnsThatTheUserMayNotReadAreLeftOut) {
  connection_.execute(
      "CREATE TABLE secret (open text, closed text); INSERT INTO secret VALUES ('a', 'b'); ANALYZE secret;"
      "CREATE ROLE statistics_reader LOGIN; GRANT SELECT (open) ON secret TO statistics_reader");
  const types::Oid oid = oid_of("secret");
  {
    Connection reader = database_.connect("statistics_reader");
    const auto columns = read_column_statistics(reader, {oid}).at(oid);
    EXPECT_EQ(columns.size(), 1U);
    EXPECT_TRUE(columns.contains("open"));
  }
  connection_.execute("DROP OWNED BY statistics_reader; DROP ROLE statistics_reader");
}

}  // namespace
}  // namespace pg2duck::source
