#include <algorithm>

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "source/catalog/catalog.hpp"
#include "support/servers/postgres_server.hpp"

namespace pg2duck::source {
namespace {

using test::TestDatabase;
using testing::ElementsAre;
using testing::IsEmpty;

class SourceCatalog : public testing::Test {
 protected:
  SourceCatalog() : connection_(database_.connect()) {}

  types::Oid oid_of(const std::string& name, const std::string& kind = "regclass") {
    return static_cast<types::Oid>(connection_.query("SELECT '" + name + "'::" + kind + "::oid").integer(0, 0));
  }

  CatalogTable read(const std::string& name) { return read_catalog(connection_, {oid_of(name)}).tables.at(0); }

  static std::vector<std::string> leaf_names(const CatalogTable& table) {
    std::vector<std::string> names;
    for (const Leaf& leaf : table.leaves) {
      names.push_back(leaf.name.display());
    }
    return names;
  }

  static const RelationEntry* find(const std::vector<RelationEntry>& relations, const TableName& name) {
    const auto found = std::ranges::find(relations, name, &RelationEntry::name);
    return found == relations.end() ? nullptr : &*found;
  }

  TestDatabase database_;
  Connection connection_;
};

TEST_F(SourceCatalog, ListsRelationsOfEveryKind) {
  connection_.execute(
      "CREATE TABLE t (a int); CREATE VIEW v AS SELECT 1 AS one; CREATE MATERIALIZED VIEW m AS SELECT 1 AS one;"
      "CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p DEFAULT;"
      "CREATE SCHEMA \"Odd.One\"; CREATE TABLE \"Odd.One\".\"a\"\"b\" (a int); CREATE SEQUENCE s; CREATE INDEX i ON t "
      "(a);"
      "CREATE TEMP TABLE tmp (a int); CREATE TYPE c AS (x int)");
  const auto relations = list_relations(connection_);
  ASSERT_NE(find(relations, {"public", "t"}), nullptr);
  EXPECT_EQ(find(relations, {"public", "t"})->kind, RelationKind::kTable);
  EXPECT_EQ(find(relations, {"public", "v"})->kind, RelationKind::kView);
  EXPECT_EQ(find(relations, {"public", "m"})->kind, RelationKind::kMaterializedView);
  EXPECT_EQ(find(relations, {"public", "p"})->kind, RelationKind::kPartitioned);
  EXPECT_FALSE(find(relations, {"public", "p"})->is_partition);
  EXPECT_TRUE(find(relations, {"public", "p1"})->is_partition);
  EXPECT_NE(find(relations, {"Odd.One", "a\"b"}), nullptr);
  EXPECT_TRUE(find(relations, {"pg_catalog", "pg_class"})->is_system);
  EXPECT_TRUE(find(relations, {"information_schema", "tables"})->is_system);
  for (const char* absent : {"s", "i", "c"}) {
    EXPECT_EQ(find(relations, {"public", absent}), nullptr) << absent;
  }
  for (const RelationEntry& relation : relations) {
    EXPECT_TRUE(relation.name.name != "tmp" || relation.is_system);
  }
}

TEST_F(SourceCatalog, ListsRightsAndNeedsNone) {
  connection_.execute(
      "CREATE ROLE reader LOGIN; CREATE TABLE open (a int); CREATE TABLE closed (a int); GRANT SELECT ON open TO "
      "reader;"
      "CREATE TABLE by_column (a int, b int); GRANT SELECT (a) ON by_column TO reader;"
      "CREATE SCHEMA hidden; CREATE TABLE hidden.t (a int); GRANT SELECT ON hidden.t TO reader");
  Connection reader = database_.connect("reader");
  const auto relations = list_relations(reader);
  EXPECT_TRUE(find(relations, {"public", "open"})->has_select);
  EXPECT_FALSE(find(relations, {"public", "closed"})->has_select);
  EXPECT_FALSE(find(relations, {"public", "by_column"})->has_select);
  EXPECT_TRUE(find(relations, {"hidden", "t"})->has_select);
  EXPECT_FALSE(find(relations, {"hidden", "t"})->has_schema_usage);
  connection_.execute("DROP OWNED BY reader; DROP ROLE reader");
}

TEST_F(SourceCatalog, ReadsColumnsKeysAndComments) {
  connection_.execute(
      "CREATE TABLE t (gone int, b varchar(7) NOT NULL, a numeric(10,2), g int GENERATED ALWAYS AS (1 + 1) STORED,"
      " extra int, PRIMARY KEY (a, b) INCLUDE (extra));"
      "ALTER TABLE t DROP COLUMN gone; COMMENT ON TABLE t IS 'it''s a table'; COMMENT ON COLUMN t.a IS 'price';"
      "INSERT INTO t VALUES ('x', 1), ('y', 2); ANALYZE t");
  const CatalogTable table = read("t");
  EXPECT_EQ(table.name, (TableName{"public", "t"}));
  EXPECT_EQ(table.comment, "it's a table");
  ASSERT_EQ(table.columns.size(), 4U);
  EXPECT_EQ(table.columns[0].name, "b");
  EXPECT_EQ(table.columns[0].number, 2);
  EXPECT_EQ(table.columns[0].type, types::oid::kVarchar);
  EXPECT_EQ(table.columns[0].typmod, 11);
  EXPECT_TRUE(table.columns[0].not_null);
  EXPECT_EQ(table.columns[1].comment, "price");
  EXPECT_TRUE(table.columns[2].generated);
  EXPECT_FALSE(table.columns[3].not_null);
  EXPECT_THAT(table.primary_key, ElementsAre("a", "b"));
  EXPECT_EQ(table.estimated_rows, 2);
  EXPECT_FALSE(table.row_security_active);
  ASSERT_EQ(table.leaves.size(), 1U);
  EXPECT_EQ(table.leaves[0].heap_bytes, 8192U);
}

TEST_F(SourceCatalog, SizesNeverAnalysedTablesWithToast) {
  connection_.execute(
      "CREATE TABLE big (a text); ALTER TABLE big ALTER a SET STORAGE EXTERNAL;"
      "INSERT INTO big SELECT repeat('x', 100000) FROM generate_series(1, 20); CREATE TABLE none ()");
  const CatalogTable table = read("big");
  EXPECT_EQ(table.estimated_rows, -1);
  EXPECT_GT(table.leaves[0].toast_bytes, 2000000U);
  EXPECT_LT(table.leaves[0].heap_bytes, 100000U);
  EXPECT_THAT(read("none").columns, IsEmpty());
}

TEST_F(SourceCatalog, FindsTheLeavesOfTrees) {
  connection_.execute(
      "CREATE TABLE p (a int, b int) PARTITION BY LIST (a);"
      "CREATE TABLE p_sub PARTITION OF p FOR VALUES IN (1) PARTITION BY LIST (b);"
      "CREATE TABLE p_sub1 PARTITION OF p_sub FOR VALUES IN (1); CREATE TABLE p_sub2 PARTITION OF p_sub DEFAULT;"
      "CREATE TABLE p_rest PARTITION OF p DEFAULT; CREATE TABLE p_empty (a int) PARTITION BY LIST (a);"
      "CREATE TABLE base (a int); CREATE TABLE left_child () INHERITS (base); CREATE TABLE right_child () INHERITS "
      "(base);"
      "CREATE TABLE grandchild () INHERITS (left_child, right_child);"
      "CREATE VIEW v AS SELECT * FROM base; CREATE MATERIALIZED VIEW m AS SELECT * FROM base");
  EXPECT_THAT(leaf_names(read("p")), ElementsAre("public.p_rest", "public.p_sub1", "public.p_sub2"));
  EXPECT_THAT(leaf_names(read("p_sub")), ElementsAre("public.p_sub1", "public.p_sub2"));
  EXPECT_THAT(leaf_names(read("p_empty")), IsEmpty());
  EXPECT_THAT(leaf_names(read("base")),
              ElementsAre("public.base", "public.grandchild", "public.left_child", "public.right_child"));
  EXPECT_THAT(leaf_names(read("grandchild")), ElementsAre("public.grandchild"));
  EXPECT_THAT(leaf_names(read("v")), IsEmpty());
  EXPECT_EQ(read("v").estimated_rows, -1);
  EXPECT_THAT(leaf_names(read("m")), ElementsAre("public.m"));
  EXPECT_EQ(read("m").kind, RelationKind::kMaterializedView);
}

TEST_F(SourceCatalog, TellsTablesWhosePartsMayNotBeReadByThemselves) {
  connection_.execute(
      "CREATE ROLE reader LOGIN; CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p DEFAULT;"
      "GRANT SELECT ON p TO reader; CREATE TABLE secret (a int); GRANT SELECT ON secret TO reader;"
      "ALTER TABLE secret ENABLE ROW LEVEL SECURITY");
  Connection reader = database_.connect("reader");
  const Catalog catalog = read_catalog(reader, {oid_of("p"), oid_of("secret")});
  EXPECT_EQ(catalog.tables[0].whole_because, "a part of it may not be read by itself");
  EXPECT_EQ(catalog.tables[1].whole_because, "");
  EXPECT_FALSE(catalog.tables[0].row_security_active);
  EXPECT_TRUE(catalog.tables[1].row_security_active);
  connection_.execute("DROP OWNED BY reader; DROP ROLE reader");
}

TEST_F(SourceCatalog, ClosesTheTypes) {
  connection_.execute(
      "CREATE TYPE mood AS ENUM ('sad', 'happy'); ALTER TYPE mood ADD VALUE 'ok' BEFORE 'happy';"
      "CREATE DOMAIN price AS numeric(12,3); CREATE DOMAIN prices AS price[];"
      "CREATE TYPE inner_c AS (gone int, m mood, p price[]); ALTER TYPE inner_c DROP ATTRIBUTE gone;"
      "CREATE TYPE outer_c AS (i inner_c, r int8range);"
      "CREATE TABLE t (o outer_c[], d prices, v int2vector, pt point, n name)");
  const Catalog catalog = read_catalog(connection_, {oid_of("t")});
  const types::TypeCatalog& all = catalog.types;
  const auto& mood = all.at(oid_of("mood", "regtype"));
  EXPECT_EQ(mood.typtype, 'e');
  EXPECT_THAT(mood.labels, ElementsAre("sad", "ok", "happy"));
  const auto& price = all.at(oid_of("price", "regtype"));
  EXPECT_EQ(price.typtype, 'd');
  EXPECT_EQ(price.base, types::oid::kNumeric);
  EXPECT_EQ(price.base_typmod, ((12 << 16) | 3) + 4);
  const auto& prices = all.at(oid_of("prices", "regtype"));
  EXPECT_EQ(prices.element, 0U);
  EXPECT_EQ(all.at(prices.base).element, price.oid);
  const auto& inner = all.at(oid_of("inner_c", "regtype"));
  ASSERT_EQ(inner.fields.size(), 2U);
  EXPECT_EQ(inner.fields[0].name, "m");
  EXPECT_EQ(inner.fields[0].type, mood.oid);
  const auto& range = all.at(oid_of("int8range", "regtype"));
  EXPECT_EQ(range.typtype, 'r');
  EXPECT_EQ(range.range_subtype, types::oid::kInt8);
  EXPECT_TRUE(all.contains(types::oid::kInt8));
  EXPECT_EQ(all.at(oid_of("int2vector", "regtype")).element, types::oid::kInt2);
  EXPECT_EQ(all.at(oid_of("point", "regtype")).element, 0U);
  EXPECT_EQ(all.at(types::oid::kName).element, 0U);
  EXPECT_TRUE(all.at(types::oid::kName).has_binary_output);
}

TEST_F(SourceCatalog, KeepsTheOrderAndMissesNothing) {
  connection_.execute("CREATE TABLE a (x int); CREATE TABLE b (x int)");
  const types::Oid a = oid_of("a");
  const types::Oid b = oid_of("b");
  const Catalog catalog = read_catalog(connection_, {b, a});
  EXPECT_EQ(catalog.tables[0].oid, b);
  EXPECT_EQ(catalog.tables[1].oid, a);
  EXPECT_THAT(read_catalog(connection_, {}).tables, IsEmpty());
  connection_.execute("DROP TABLE a");
  try {
    read_catalog(connection_, {b, a});
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kSchemaDrift);
  }
}

TEST_F(SourceCatalog, DetachedPartitionsAreLeftOut) {
  if (connection_.server_version() < 140000) {
    GTEST_SKIP() << "DETACH CONCURRENTLY came with version 14";
  }
  connection_.execute(
      "CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);"
      "CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2); UPDATE pg_inherits SET inhdetachpending = true"
      " WHERE inhrelid = 'p2'::regclass");
  EXPECT_THAT(leaf_names(read("p")), ElementsAre("public.p1"));
}

}  // namespace
}  // namespace pg2duck::source
