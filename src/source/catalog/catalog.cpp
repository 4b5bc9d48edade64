#include "source/catalog/catalog.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "source/catalog/type_catalog.hpp"

namespace pg2duck::source {
namespace {

using types::Oid;

RelationKind kind_of(const std::string& relkind) {
  switch (relkind.empty() ? '?' : relkind.front()) {
    case 'r':
      return RelationKind::kTable;
    case 'p':
      return RelationKind::kPartitioned;
    case 'v':
      return RelationKind::kView;
    case 'm':
      return RelationKind::kMaterializedView;
    case 'f':
      return RelationKind::kForeign;
    default:
      throw Error(ErrorKind::kBug, "relation kind '" + relkind + "' was read from the catalog");
  }
}

Oid oid_at(const Result& result, std::size_t row, std::size_t column) {
  return static_cast<Oid>(result.integer(row, column));
}

/// Schema and name of a collation, from `column` on, as SQL.
std::string collation_at(const Result& result, std::size_t row, std::size_t column) {
  const TableName name{result.text(row, column), result.text(row, column + 1)};
  return name.name.empty() ? "" : name.quoted();
}

using Tables = std::map<Oid, CatalogTable>;

constexpr int kFirstVersionWithDetaching = 140000;
constexpr int kFirstVersionWithNamedNotNull = 180000;
constexpr int kFirstVersionWithVirtualColumns = 180000;

Tables read_tables(Connection& connection, const std::string& oids) {
  const Result rows = connection.query(
      "SELECT c.oid, n.nspname, c.relname, c.relkind,"
      " coalesce(pg_catalog.obj_description(c.oid, 'pg_class'), ''), pg_catalog.row_security_active(c.oid),"
      " CASE WHEN c.relkind IN ('v', 'm')"
      " THEN pg_catalog.hashtextextended(pg_catalog.pg_get_viewdef(c.oid), 0) END"
      " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
      " WHERE c.oid = ANY (" +
      oids + ") AND c.relkind IN ('r', 'p', 'v', 'm', 'f')");
  Tables tables;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    CatalogTable table;
    table.oid = oid_at(rows, row, 0);
    table.name = {rows.text(row, 1), rows.text(row, 2)};
    table.kind = kind_of(rows.text(row, 3));
    table.comment = rows.text(row, 4);
    table.row_security_active = rows.boolean(row, 5);
    table.query = rows.text(row, 6);
    tables.emplace(table.oid, std::move(table));
  }
  return tables;
}

void read_columns(Connection& connection, const std::string& oids, Tables& tables) {
  const Result rows = connection.query(
      "SELECT a.attrelid, a.attname, a.attnum, a.atttypid, a.atttypmod, a.attnotnull, a.attgenerated <> '',"
      " coalesce(d.description, ''), a.attndims, pg_catalog.format_type(a.atttypid, a.atttypmod),"
      " coalesce(cn.nspname::pg_catalog.text, ''), coalesce(l.collname::pg_catalog.text, ''),"
      " coalesce(own.collisdeterministic, true),"
      " CASE WHEN a.attgenerated <> '' THEN (SELECT pg_catalog.pg_get_expr(f.adbin, f.adrelid)"
      " FROM pg_catalog.pg_attrdef f WHERE f.adrelid = a.attrelid AND f.adnum = a.attnum) END, a.xmin"
      " FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid"
      " LEFT JOIN pg_catalog.pg_collation own ON own.oid = a.attcollation"
      " LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation AND a.attcollation <> t.typcollation"
      " LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = l.collnamespace LEFT JOIN pg_catalog.pg_description d"
      " ON d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objoid = a.attrelid"
      " AND d.objsubid = a.attnum"
      " WHERE a.attrelid = ANY (" +
      oids + ") AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum");
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const auto table = tables.find(oid_at(rows, row, 0));
    if (table != tables.end()) {
      table->second.columns.push_back({.name = rows.text(row, 1),
                                       .number = static_cast<std::int16_t>(rows.integer(row, 2)),
                                       .type = oid_at(rows, row, 3),
                                       .typmod = static_cast<std::int32_t>(rows.integer(row, 4)),
                                       .dimensions = static_cast<int>(rows.integer(row, 8)),
                                       .type_display = rows.text(row, 9),
                                       .collation = collation_at(rows, row, 10),
                                       .deterministic = rows.boolean(row, 12),
                                       .generated_as = rows.text(row, 13),
                                       .written = rows.text(row, 14),
                                       .not_null = rows.boolean(row, 5),
                                       .generated = rows.boolean(row, 6),
                                       .comment = rows.text(row, 7)});
    }
  }
}

void read_primary_keys(Connection& connection, const std::string& oids, Tables& tables) {
  // Columns behind indnkeyatts are INCLUDEd: stored in the index, no part of the key.
  const Result rows = connection.query(
      "SELECT i.indrelid, a.attname FROM pg_catalog.pg_index i"
      " CROSS JOIN LATERAL pg_catalog.unnest(i.indkey::pg_catalog.int2[]) WITH ORDINALITY AS k(attnum, position)"
      " JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum"
      " WHERE i.indrelid = ANY (" +
      oids + ") AND i.indisprimary AND i.indisvalid AND k.position <= i.indnkeyatts ORDER BY i.indrelid, k.position");
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const auto table = tables.find(oid_at(rows, row, 0));
    if (table != tables.end()) {
      table->second.primary_key.push_back(rows.text(row, 1));
    }
  }
}

/// WITH: each table with all that its rows may lie in, itself too. Postgres leaves out what another session keeps
/// temporarily.
std::string tree_sql(const std::string& oids, int server_version) {
  const std::string attached = server_version >= kFirstVersionWithDetaching ? " AND NOT i.inhdetachpending" : "";
  return "WITH RECURSIVE tree(root, oid) AS ("
         " SELECT c.oid, c.oid FROM pg_catalog.pg_class c WHERE c.oid = ANY (" +
         oids +
         ") AND c.relkind IN ('r', 'p', 'm', 'f')"
         " UNION SELECT t.root, i.inhrelid FROM tree t JOIN pg_catalog.pg_inherits i ON i.inhparent = t.oid"
         " JOIN pg_catalog.pg_class p ON p.oid = i.inhrelid WHERE p.relpersistence <> 't'" +
         attached + ")";
}

/// NOT NULL in the catalog that some row need not keep: children have columns of their own, nothing checks foreign
/// tables, a constraint may be NOT VALID, and a virtual column is computed by the expression of the table that is
/// named.
void read_nullable(Connection& connection, const std::string& oids, Tables& tables) {
  const std::string invalid = connection.server_version() < kFirstVersionWithNamedNotNull
                                  ? "false"
                                  : "EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid"
                                    " AND k.contype = 'n' AND NOT k.convalidated AND a.attnum = ANY (k.conkey))";
  const Result rows = connection.query(
      tree_sql(oids, connection.server_version()) +
      " SELECT DISTINCT t.root, a.attname FROM tree t JOIN pg_catalog.pg_class c ON c.oid = t.oid"
      " JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped"
      " JOIN pg_catalog.pg_attribute r ON r.attrelid = t.root AND r.attname = a.attname AND r.attnotnull"
      " WHERE NOT a.attnotnull OR c.relkind = 'f' OR (a.attgenerated = 'v' AND t.oid <> t.root) OR " +
      invalid);
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const auto table = tables.find(oid_at(rows, row, 0));
    if (table != tables.end()) {
      const auto column = std::ranges::find(table->second.columns, rows.text(row, 1), &CatalogColumn::name);
      if (column != table->second.columns.end()) {
        column->not_null = false;
      }
    }
  }
}

/// Why parts of a table say something else by themselves than through it: the rows of such a table are read through it.
void read_reasons_for_whole(Connection& connection, const std::string& oids, Tables& tables) {
  const std::string virtual_columns =
      connection.server_version() < kFirstVersionWithVirtualColumns
          ? "NULL"
          : "(SELECT 'column ' || min(a.attname::pg_catalog.text) || ' is computed otherwise in a part of it'"
            " FROM pg_catalog.pg_attribute r"
            " JOIN pg_catalog.pg_attrdef d ON d.adrelid = r.attrelid AND d.adnum = r.attnum"
            " JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = r.attname"
            " JOIN pg_catalog.pg_attrdef e ON e.adrelid = a.attrelid AND e.adnum = a.attnum"
            " WHERE r.attrelid = t.root AND r.attgenerated = 'v' AND c.oid <> t.root AND pg_catalog.pg_get_expr("
            "d.adbin, d.adrelid) IS DISTINCT FROM pg_catalog.pg_get_expr(e.adbin, e.adrelid))";
  const Result rows = connection.query(
      tree_sql(oids, connection.server_version()) +
      " SELECT root, min(reason) FROM (SELECT t.root, CASE"
      " WHEN c.oid <> t.root AND NOT (pg_catalog.has_schema_privilege(n.oid, 'USAGE')"
      " AND pg_catalog.has_table_privilege(c.oid, 'SELECT')) THEN 'a part of it may not be read by itself'"
      " WHEN c.oid <> t.root AND pg_catalog.row_security_active(c.oid)"
      " THEN 'row-level security hides rows of a part of it'"
      " WHEN n.nspname = '_timescaledb_internal' OR (c.oid <> t.root AND NOT c.relispartition AND"
      " EXISTS (SELECT FROM pg_catalog.pg_extension x WHERE x.extname = 'timescaledb'))"
      " THEN 'TimescaleDB decompresses its chunks for queries of the whole table'"
      " ELSE " +
      virtual_columns +
      " END AS reason FROM tree t JOIN pg_catalog.pg_class c ON c.oid = t.oid"
      " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'm', 'f')) AS reasons"
      " WHERE reason IS NOT NULL GROUP BY root");
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    if (const auto table = tables.find(oid_at(rows, row, 0)); table != tables.end()) {
      table->second.whole_because = rows.text(row, 1);
    }
  }
}

std::string leaves_sql(const std::string& oids, int server_version) {
  return tree_sql(oids, server_version) +
         " SELECT t.root, c.oid, n.nspname, c.relname, c.relkind,"
         " coalesce(pg_catalog.pg_relation_size(c.oid), 0), coalesce(pg_catalog.pg_relation_size(c.reltoastrelid), 0),"
         // Never analysed: -1 since version 14, no pages before.
         " CASE WHEN c.reltuples < 0 OR (c.relpages = 0 AND pg_catalog.pg_relation_size(c.oid) > 0) THEN -1"
         " ELSE c.reltuples::pg_catalog.int8 END, c.relfilenode"
         " FROM tree t JOIN pg_catalog.pg_class c ON c.oid = t.oid"
         " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
         " WHERE c.relkind IN ('r', 'm', 'f') ORDER BY t.root, c.oid <> t.root, n.nspname, c.relname";
}

void read_leaves(Connection& connection, const std::string& oids, Tables& tables) {
  const Result rows = connection.query(leaves_sql(oids, connection.server_version()));
  std::set<Oid> unknown;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const Oid root = oid_at(rows, row, 0);
    const auto found = tables.find(root);
    if (found == tables.end()) {
      continue;
    }
    CatalogTable& table = found->second;
    table.leaves.push_back({.oid = oid_at(rows, row, 1),
                            .name = {rows.text(row, 2), rows.text(row, 3)},
                            .kind = rows.text(row, 4) == "f" ? RelationKind::kForeign : RelationKind::kTable,
                            .heap_bytes = static_cast<std::uint64_t>(rows.integer(row, 5)),
                            .toast_bytes = static_cast<std::uint64_t>(rows.integer(row, 6)),
                            .file = oid_at(rows, row, 8)});
    const std::int64_t estimate = rows.integer(row, 7);
    if (estimate < 0) {
      unknown.insert(root);
    }
    table.estimated_rows =
        std::max(table.estimated_rows, 0.0) + static_cast<double>(std::max<std::int64_t>(estimate, 0));
  }
  for (Oid root : unknown) {
    tables.at(root).estimated_rows = -1;
  }
}

}  // namespace

std::string_view to_string(RelationKind kind) {
  switch (kind) {
    case RelationKind::kTable:
      break;
    case RelationKind::kPartitioned:
      return "partitioned table";
    case RelationKind::kView:
      return "view";
    case RelationKind::kMaterializedView:
      return "materialized view";
    case RelationKind::kForeign:
      return "foreign table";
  }
  return "table";
}

std::vector<RelationEntry> list_relations(Connection& connection) {
  // Names that begin with pg_ are reserved for the system: pg_catalog, pg_toast, temporary schemas.
  const Result rows = connection.query(
      "SELECT c.oid, n.nspname, c.relname, c.relkind, c.relispartition,"
      " pg_catalog.left(n.nspname::pg_catalog.text, 3) = 'pg_' OR n.nspname = 'information_schema',"
      " coalesce(e.extname::pg_catalog.text, ''), coalesce(pg_catalog.has_schema_privilege(n.oid, 'USAGE'), false),"
      " coalesce(pg_catalog.has_table_privilege(c.oid, 'SELECT'), false)"
      " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
      " LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass"
      " AND d.objid = c.oid AND d.objsubid = 0 AND d.deptype = 'e'"
      " AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass"
      " LEFT JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid"
      " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY n.nspname, c.relname");
  std::vector<RelationEntry> relations;
  relations.reserve(rows.rows());
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    relations.push_back({.oid = oid_at(rows, row, 0),
                         .name = {rows.text(row, 1), rows.text(row, 2)},
                         .kind = kind_of(rows.text(row, 3)),
                         .is_partition = rows.boolean(row, 4),
                         .is_system = rows.boolean(row, 5),
                         .extension = rows.text(row, 6),
                         .has_schema_usage = rows.boolean(row, 7),
                         .has_select = rows.boolean(row, 8)});
  }
  return relations;
}

Catalog read_catalog(Connection& connection, const std::vector<Oid>& tables) {
  const std::string oids = oid_array(tables);
  Tables found = read_tables(connection, oids);
  read_columns(connection, oids, found);
  read_primary_keys(connection, oids, found);
  read_leaves(connection, oids, found);
  read_nullable(connection, oids, found);
  read_reasons_for_whole(connection, oids, found);
  std::set<Oid> used;
  Catalog catalog;
  for (Oid oid : tables) {
    const auto table = found.find(oid);
    if (table == found.end()) {
      throw Error(ErrorKind::kSchemaDrift, "a chosen table (OID " + std::to_string(oid) + ") is gone")
          .set_hint("it was dropped or replaced meanwhile: run again");
    }
    for (const CatalogColumn& column : table->second.columns) {
      used.insert(column.type);
    }
    catalog.tables.push_back(table->second);
  }
  catalog.types = read_types(connection, {used.begin(), used.end()});
  return catalog;
}

}  // namespace pg2duck::source
