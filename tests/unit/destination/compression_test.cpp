#include "destination/tables/stored_compression.hpp"
#include "destination/tables/table_ddl.hpp"
#include "unit/destination/fixture.hpp"

namespace pg2duck::destination {
namespace {

using types::Compression;
using types::DuckType;
using types::DuckTypeId;

class CompressionTest : public TargetTest {
 protected:
  /// A table `t` of one column for each of `columns`, made by `rows`.
  void load(const std::vector<ColumnShape>& columns, const std::string& rows) {
    session_->execute("DROP TABLE IF EXISTS pg2duck_target.main.t");
    const TableShape shape{.name = {"main", "t"}, .columns = columns, .primary_key = {}, .comment = ""};
    session_->execute(create_table_sql(*session_, shape, shape.name));
    session_->execute("INSERT INTO pg2duck_target.main.t " + rows);
    session_->execute("CHECKPOINT pg2duck_target");
  }

  types::StoredCompression stored(const std::string& column) {
    return read_stored_compression(*session_, {"main", "t"}).at(column);
  }
};

ColumnShape column(const std::string& name, DuckTypeId type, Compression compression) {
  return {.name = name, .type = DuckType::of(type), .not_null = false, .comment = "", .compression = compression};
}

TEST_F(CompressionTest, NamedMethodsAreUsedForEveryTypeThatIsNamed) {
  for (const DuckTypeId type : {DuckTypeId::kVarchar, DuckTypeId::kJson, DuckTypeId::kBlob}) {
    load({column("d", type, Compression::kDictionary), column("f", type, Compression::kFsst),
          column("u", type, Compression::kUncompressed), column("free", type, Compression::kDuckdb)},
         "SELECT '1' || n, '2' || n, '3' || n, '4' || n FROM range(200000) AS r(n)");
    EXPECT_EQ(stored("d").dictionary_rows, 200'000U);
    EXPECT_EQ(stored("f").fsst_rows, 200'000U);
    EXPECT_EQ(stored("u").rows, 200'000U);
    EXPECT_EQ(stored("u").dictionary_rows + stored("u").fsst_rows, 0U);
    EXPECT_EQ(stored("free").fsst_rows, 200'000U);
    EXPECT_EQ(value("SELECT count(*) FROM pg2duck_target.main.t WHERE d::VARCHAR LIKE '1%' AND substr(d::VARCHAR, 2) = "
                    "substr(f::VARCHAR, 2) AND substr(u::VARCHAR, 2) = substr(free::VARCHAR, 2)"),
              "200000");
  }
}

TEST_F(CompressionTest, AMethodThatDoesNotFitIsLeftByDuckdbForTheRowGroup) {
  load({column("d", DuckTypeId::kVarchar, Compression::kDictionary),
        column("f", DuckTypeId::kVarchar, Compression::kFsst)},
       "SELECT repeat('x', 10000 + n::INTEGER), CASE WHEN n % 2 = 0 THEN repeat('y', 5000000) END FROM range(10) AS "
       "r(n)");
  EXPECT_EQ(stored("d").dictionary_rows + stored("f").fsst_rows, 0U);
  EXPECT_EQ(value("SELECT sum(length(d)) || ' ' || sum(length(f)) || ' ' || count(f) FROM pg2duck_target.main.t"),
            "100045 25000000 5");
}

TEST_F(CompressionTest, PartsOfNestedColumnsAreNotTakenForColumns) {
  session_->execute(
      "CREATE TABLE pg2duck_target.main.t AS SELECT ['a'] AS l, {'x': 'b'} AS s, n AS i, 'c' AS \"Odd, one\" FROM "
      "range(10) AS r(n)");
  session_->execute("CHECKPOINT pg2duck_target");
  const auto columns = read_stored_compression(*session_, {"main", "t"});
  ASSERT_EQ(columns.size(), 1U);
  EXPECT_EQ(columns.begin()->first, "Odd, one");
}

TEST_F(CompressionTest, AnyNameOfATableWillDo) {
  for (const std::string& name : {std::string("o'd, d.d \u00e9"), std::string("with \"quotes\" inside")}) {
    const TableName table{"main", name};
    session_->execute("CREATE TABLE " + target_name(*session_, table) + " AS SELECT 'x' AS v");
    session_->execute("CHECKPOINT pg2duck_target");
    // DuckDB cannot be asked about a name with a quote in it.
    EXPECT_EQ(read_stored_compression(*session_, table).empty(), name.find('"') != std::string::npos) << name;
  }
}

TEST_F(CompressionTest, OnlyFilesOfTheEarlierStorageVersionsTakeTheMethodsOfText) {
  EXPECT_TRUE(supports_text_compression(*session_));
  for (const auto& [version, takes] : {std::pair{"v1.2.0", true}, std::pair{"v1.3.0", false},
                                       std::pair{"v1.4.0", false}, std::pair{"latest", false}}) {
    std::filesystem::remove(path());
    session_.reset();
    database_.reset();
    std::filesystem::remove(path());
    {
      auto maker = Database::open({.path = directory_.file("maker.duckdb")});
      Session session = maker.connect();
      session.execute("ATTACH " + quote_literal(path()) + " AS made (STORAGE_VERSION '" + version + "')");
      session.execute("CREATE TABLE made.t (i INTEGER); DETACH made");
    }
    reopen();
    EXPECT_EQ(supports_text_compression(*session_), takes) << version;
    // What the answer is for.
    const auto load_named = [&] { load({column("d", DuckTypeId::kVarchar, Compression::kFsst)}, "SELECT 'x'"); };
    if (takes) {
      load_named();
    } else {
      EXPECT_THROW(load_named(), Error) << version;
    }
  }
}

}  // namespace
}  // namespace pg2duck::destination
