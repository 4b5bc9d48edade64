#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/identifier.hpp"
#include "source/session/connection.hpp"
#include "types/pg_type.hpp"

namespace pg2duck::source {

/// pg_class.relkind, as far as it can be copied.
enum class RelationKind { kTable, kPartitioned, kView, kMaterializedView, kForeign };

/// "table", "partitioned table", …
std::string_view to_string(RelationKind kind);

/// A relation that a pattern may choose.
struct RelationEntry {
  types::Oid oid = 0;
  TableName name;
  RelationKind kind = RelationKind::kTable;
  bool is_partition = false;  ///< a partition of another table
  bool is_system = false;     ///< pg_catalog, information_schema, pg_toast, temporary schemas of others
  std::string extension;      ///< owning extension, or empty
  bool has_schema_usage = true;
  bool has_select = true;  ///< SELECT on the whole table
};

/// Every relation of the database, one query. Needs no privilege on them.
std::vector<RelationEntry> list_relations(Connection& connection);

struct CatalogColumn {
  std::string name;
  std::int16_t number = 0;
  types::Oid type = 0;
  std::int32_t typmod = -1;
  int dimensions = 0;         ///< pg_attribute.attndims of an array: a hint only
  std::string type_display;   ///< as Postgres writes it: "numeric(15,2)"
  std::string collation;      ///< as SQL, when it is another than that of the type; empty: nothing is to be said of it
  bool deterministic = true;  ///< its collation never calls different texts equal
  std::string generated_as;   ///< the expression of a generated column, as Postgres writes it; else empty
  std::string written;        ///< changes whenever its row of pg_attribute does
  bool not_null = false;      ///< no row of any part can be NULL in it; of Postgres's NOT NULL that is less
  bool generated = false;
  std::string comment;
};

/// A heap that rows are read from: the table itself, or a leaf of a partitioned or inherited one.
struct Leaf {
  types::Oid oid = 0;
  TableName name;
  RelationKind kind = RelationKind::kTable;  ///< kTable or kForeign
  std::uint64_t heap_bytes = 0;              ///< pg_relation_size of the main fork
  std::uint64_t toast_bytes = 0;
  types::Oid file = 0;  ///< pg_class.relfilenode, which changes when the heap is written anew
};

/// A chosen relation in full, as the snapshot sees it.
struct CatalogTable {
  types::Oid oid = 0;
  TableName name;
  RelationKind kind = RelationKind::kTable;
  std::string comment;
  std::string query;                   ///< of a view: changes whenever the text of its query does; else empty
  std::vector<CatalogColumn> columns;  ///< in attribute order, dropped ones left out
  std::vector<std::string> primary_key;
  std::vector<Leaf> leaves;  ///< itself for an ordinary table; empty for views
  /// Why the rows of its parts are read through itself; empty: each part can be read by itself.
  std::string whole_because;
  double estimated_rows = -1;  ///< sum of reltuples; -1 unknown
  bool row_security_active = false;
};

/// The chosen tables and the types they use, in a fixed number of queries.
struct Catalog {
  std::vector<CatalogTable> tables;  ///< in the order of the OIDs asked for
  types::TypeCatalog types;
};

/// @error Error(kSchemaDrift) when one of `tables` is gone
Catalog read_catalog(Connection& connection, const std::vector<types::Oid>& tables);

}  // namespace pg2duck::source
