#pragma once

#include <string>
#include <vector>

#include "base/identifier.hpp"
#include "types/compression.hpp"
#include "types/duckdb_type.hpp"

namespace pg2duck::destination {

struct ColumnShape {
  std::string name;
  types::DuckType type;
  bool not_null = false;
  std::string comment;  ///< empty: none
  types::Compression compression = types::Compression::kDuckdb;
};

/// A table to create in the target.
struct TableShape {
  TableName name;  ///< schema and name inside the target database
  std::vector<ColumnShape> columns;
  std::vector<std::string> primary_key;  ///< column names in key order; empty: none
  std::string comment;
};

/// `"pg2duck_target"."schema"."name"`.
std::string target_name(const TableName& table);
std::string target_schema(const std::string& schema);

/// CREATE TABLE for `shape` under the name `as`, without its primary key.
std::string create_table_sql(const TableShape& shape, const TableName& as);
/// ALTER TABLE … ADD PRIMARY KEY, or empty.
std::string add_primary_key_sql(const TableShape& shape, const TableName& as);
/// COMMENT ON statements for the table and its columns, to be run on the table named `as`; may be empty.
std::vector<std::string> comment_sql(const TableShape& shape, const TableName& as);

}  // namespace pg2duck::destination
