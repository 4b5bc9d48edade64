#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/identifier.hpp"
#include "config/rules/partition_key.hpp"
#include "destination/session/session.hpp"
#include "types/compression.hpp"
#include "types/duckdb_type.hpp"

namespace pg2duck::destination {

struct ColumnShape {
  std::string name;
  types::DuckType type;  ///< of the values that are loaded
  bool not_null = false;
  std::string comment;  ///< empty: none
  types::Compression compression = types::Compression::kDuckdb;
  std::string expression;  ///< that is evaluated in the load (destination/tables/transformation.hpp); empty: none is
  std::string read_name;   ///< what expressions call the value that is read; empty: as `name`
  types::DuckType result;  ///< of the expression, once it is bound
  types::DuckType
      compared;         ///< `type`, with a DECIMAL of no width for text that is a number (types/numeric_mapping.hpp)
  bool varies = false;  ///< it may give another value in each run (random(), now()); known once it is bound
};

/// A table to create in the target.
struct TableShape {
  TableName name;  ///< schema and name inside the target database
  std::vector<ColumnShape> columns;
  std::vector<std::string> primary_key;  ///< column names in key order; empty: none
  std::string comment;
  std::vector<config::PartitionKey> partition_by;  ///< of a lake's table; empty: nothing
};

/// `"catalog"."schema"."name"`, for a session's target: every name starts with the target's, so that a schema called
/// `main`, `temp` or like the file can never be taken for something else.
std::string target_name(const Session& session, const TableName& table);
std::string target_schema(const Session& session, const std::string& schema);

/// The names as identifiers, with commas between them and `prefix` before each: s."a", s."b".
std::string quoted_list(const std::vector<std::string>& names, std::string_view prefix = {});

/// The type of a column in the session's target.
types::DuckType target_type(const Session& session, const ColumnShape& column);

/// CREATE TABLE for `shape` under the name `as`, without its primary key.
std::string create_table_sql(const Session& session, const TableShape& shape, const TableName& as);
/// What divides the files of the table that create_table_sql has made; empty: nothing.
std::string partition_sql(const Session& session, const TableShape& shape, const TableName& as);
/// What says of a table named `as`, and of its columns, what they are.
std::vector<Statement> comments_sql(const Session& session, const TableShape& shape, const TableName& as);
/// What a table named `as` still lacks when its rows are in it: NOT NULL where CREATE TABLE … AS made it, comments, the
/// primary key. May be empty.
std::vector<Statement> finish_table_sql(const Session& session, const TableShape& shape, const TableName& as);

}  // namespace pg2duck::destination
