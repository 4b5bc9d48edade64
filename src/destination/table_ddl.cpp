#include "destination/table_ddl.hpp"

#include "destination/database.hpp"

namespace pg2duck::destination {
namespace {

std::string comment_on(const std::string& object, const std::string& comment) {
  return "COMMENT ON " + object + " IS " + quote_literal(comment);
}

std::string using_compression(types::Compression compression) {
  return compression == types::Compression::kDuckdb
             ? ""
             : " USING COMPRESSION " + std::string(types::to_string(compression));
}

}  // namespace

std::string target_schema(const std::string& schema) {
  return quote_identifier(kTargetCatalog) + "." + quote_identifier(schema);
}

std::string target_name(const TableName& table) {
  return target_schema(table.schema) + "." + quote_identifier(table.name);
}

std::string create_table_sql(const TableShape& shape, const TableName& as) {
  std::string columns;
  for (const ColumnShape& column : shape.columns) {
    columns += (columns.empty() ? "" : ", ") + quote_identifier(column.name) + " " + column.type.sql() +
               (column.not_null ? " NOT NULL" : "") + using_compression(column.compression);
  }
  return "CREATE TABLE " + target_name(as) + " (" + columns + ")";
}

std::string add_primary_key_sql(const TableShape& shape, const TableName& as) {
  std::string columns;
  for (const std::string& column : shape.primary_key) {
    columns += (columns.empty() ? "" : ", ") + quote_identifier(column);
  }
  return columns.empty() ? "" : "ALTER TABLE " + target_name(as) + " ADD PRIMARY KEY (" + columns + ")";
}

std::vector<std::string> comment_sql(const TableShape& shape, const TableName& as) {
  std::vector<std::string> statements;
  if (!shape.comment.empty()) {
    statements.push_back(comment_on("TABLE " + target_name(as), shape.comment));
  }
  for (const ColumnShape& column : shape.columns) {
    if (!column.comment.empty()) {
      statements.push_back(
          comment_on("COLUMN " + target_name(as) + "." + quote_identifier(column.name), column.comment));
    }
  }
  return statements;
}

}  // namespace pg2duck::destination
