#include "destination/tables/table_ddl.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>

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

std::string target_schema(const Session& session, const std::string& schema) {
  return quote_identifier(session.catalog()) + "." + quote_identifier(schema);
}

std::string target_name(const Session& session, const TableName& table) {
  return target_schema(session, table.schema) + "." + quote_identifier(table.name);
}

std::string quoted_list(const std::vector<std::string>& names, std::string_view prefix) {
  std::vector<std::string> quoted;
  for (const std::string& name : names) {
    quoted.push_back(std::string(prefix) + quote_identifier(name));
  }
  return fmt::format("{}", fmt::join(quoted, ", "));
}

types::DuckType target_type(const Session& session, const ColumnShape& column) {
  return stored_type(session.dialect(), column.expression.empty() ? column.type : column.result);
}

std::string create_table_sql(const Session& session, const TableShape& shape, const TableName& as) {
  std::vector<std::string> columns;
  for (const ColumnShape& column : shape.columns) {
    columns.push_back(quote_identifier(column.name) + " " + target_type(session, column).sql() +
                      (column.not_null ? " NOT NULL" : "") + using_compression(column.compression));
  }
  return fmt::format("CREATE TABLE {} ({})", target_name(session, as), fmt::join(columns, ", "));
}

std::string partition_sql(const Session& session, const TableShape& shape, const TableName& as) {
  std::vector<std::string> keys;
  for (const config::PartitionKey& key : shape.partition_by) {
    const std::string column = quote_identifier(key.column);
    const std::string buckets = key.buckets == 0 ? "" : std::to_string(key.buckets) + ", ";
    keys.push_back(key.transform.empty() ? column : key.transform + "(" + buckets + column + ")");
  }
  return keys.empty()
             ? ""
             : fmt::format("ALTER TABLE {} SET PARTITIONED BY ({})", target_name(session, as), fmt::join(keys, ", "));
}

std::vector<Statement> comments_sql(const Session& session, const TableShape& shape, const TableName& as) {
  std::vector<Statement> statements;
  const std::string table = target_name(session, as);
  if (!shape.comment.empty()) {
    statements.push_back({comment_on("TABLE " + table, shape.comment)});
  }
  for (const ColumnShape& column : shape.columns) {
    if (!column.comment.empty()) {
      statements.push_back({comment_on("COLUMN " + table + "." + quote_identifier(column.name), column.comment)});
    }
  }
  return statements;
}

std::vector<Statement> finish_table_sql(const Session& session, const TableShape& shape, const TableName& as) {
  std::vector<Statement> statements;
  const std::string table = target_name(session, as);
  for (const ColumnShape& column : shape.columns) {
    if (column.not_null && session.dialect().engine == Engine::kRemote) {
      statements.push_back({"ALTER TABLE " + table + " ALTER " + quote_identifier(column.name) + " SET NOT NULL"});
    }
  }
  std::ranges::move(comments_sql(session, shape, as), std::back_inserter(statements));
  if (!shape.primary_key.empty() && session.dialect().supports.primary_keys) {
    statements.push_back({"ALTER TABLE " + table + " ADD PRIMARY KEY (" + quoted_list(shape.primary_key) + ")"});
  }
  return statements;
}

}  // namespace pg2duck::destination
