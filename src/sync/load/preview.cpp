#include "sync/load/preview.hpp"

#include <algorithm>

#include "base/identifier.hpp"
#include "destination/parquet/parquet_catalog.hpp"
#include "destination/tables/table_ddl.hpp"

namespace pg2duck::sync {
namespace {

bool sorts_alike(const types::DuckType& type) {
  // Text sorts by the database's collation in Postgres and by bytes in DuckDB.
  switch (type.id) {
    case types::DuckTypeId::kSmallint:
    case types::DuckTypeId::kInteger:
    case types::DuckTypeId::kBigint:
    case types::DuckTypeId::kUinteger:
    case types::DuckTypeId::kDate:
    case types::DuckTypeId::kTimestamp:
    case types::DuckTypeId::kTimestampTz:
    case types::DuckTypeId::kUuid:
      return true;
    default:
      return false;
  }
}

/// The primary key's columns, by their names in Postgres and in the target.
struct KeyOrder {
  std::string source;
  std::string target;
};

KeyOrder key_order(const TableJob& job) {
  KeyOrder order;
  for (const std::string& key : job.table.primary_key) {
    const auto column = std::ranges::find(job.columns, key, &ColumnJob::source);
    if (column == job.columns.end() || column->transformed || !sorts_alike(column->mapping.target)) {
      return {};
    }
    const auto& name = job.shape.columns[static_cast<std::size_t>(column - job.columns.begin())].name;
    order.source += (order.source.empty() ? " ORDER BY " : ", ") + quote_identifier(key);
    order.target += (order.target.empty() ? " ORDER BY " : ", ") + quote_identifier(name);
  }
  return order;
}

/// Each column as Postgres prints it, but for those that are transformed; a column of text beside another one is NULL
/// there.
std::string source_sql(const TableJob& job, const std::string& order, const std::string& limit) {
  std::string list;
  for (const ColumnJob& column : job.columns) {
    const std::string shown = column.transformed ? "'(not shown)'" : column.text;
    list += (list.empty() ? "" : ", ") + (column.is_side_text ? "NULL" : shown);
  }
  // A subquery, so that an order by the key's name cannot mean an output column.
  const std::string where = job.condition.empty() ? "" : " WHERE " + source::bracketed(job.condition);
  return "SELECT " + list + " FROM (SELECT * FROM " + job.table.name.quoted() + where + order + limit + ") AS p";
}

std::string target_sql(const destination::Session& target, const TableJob& job, const std::string& order,
                       const std::string& limit) {
  std::string list;
  for (const destination::ColumnShape& column : job.shape.columns) {
    list += (list.empty() ? "" : ", ") + ("CAST(" + quote_identifier(column.name) + " AS VARCHAR)");
  }
  return "SELECT " + list + " FROM (SELECT * FROM " + destination::rows_of(target, job.staged) + order + limit +
         ") AS p";
}

}  // namespace

Preview take_preview(const TableJob& job, const config::CopyOptions& options, source::Connection& source,
                     destination::Session& target) {
  Preview preview;
  // A limited copy holds the first rows as they lie, not the first by key.
  const KeyOrder order = options.limit ? KeyOrder{} : key_order(job);
  const std::string limit = " LIMIT " + std::to_string(options.preview);
  for (const destination::ColumnShape& column : job.shape.columns) {
    preview.columns.push_back(column.name);
  }
  if (!job.columns.empty()) {
    const source::Result result = source.query(source_sql(job, order.source, limit));
    for (std::size_t row = 0; row < result.rows(); ++row) {
      auto& cells = preview.source.emplace_back();
      for (std::size_t column = 0; column < result.columns(); ++column) {
        cells.push_back(result.is_null(row, column) ? std::nullopt : std::optional(result.text(row, column)));
      }
    }
  }
  preview.target = target.query(target_sql(target, job, order.target, limit)).rows;
  return preview;
}

}  // namespace pg2duck::sync
