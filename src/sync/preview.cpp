#include "sync/preview.hpp"

#include <algorithm>

#include "base/identifier.hpp"
#include "destination/table_ddl.hpp"

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

std::string key_order(const TableJob& job) {
  std::string order;
  for (const std::string& key : job.table.primary_key) {
    const auto column = std::ranges::find(job.shape.columns, key, &destination::ColumnShape::name);
    if (column == job.shape.columns.end() || !sorts_alike(column->type)) {
      return {};
    }
    order += (order.empty() ? " ORDER BY " : ", ") + quote_identifier(key);
  }
  return order;
}

/// `prefix` column `suffix` for every column, with commas.
std::string column_list(const TableJob& job, const std::string& prefix, const std::string& suffix) {
  std::string list;
  for (const destination::ColumnShape& column : job.shape.columns) {
    list += (list.empty() ? "" : ", ") + prefix + quote_identifier(column.name) + suffix;
  }
  return list;
}

std::string source_sql(const TableJob& job, const std::string& order, const std::string& limit) {
  // The order must name the column, not its text: an output name would win over it.
  const std::string from = " FROM " + job.table.name.quoted() + order + limit;
  return "SELECT " + column_list(job, "p.", "::pg_catalog.text") + " FROM (SELECT *" + from + ") AS p";
}

}  // namespace

Preview take_preview(const TableJob& job, const config::CopyOptions& options, source::Connection& source,
                     destination::Session& target) {
  Preview preview;
  // A limited copy holds the first rows as they lie, not the first by key.
  const std::string order = options.limit ? std::string() : key_order(job);
  const std::string limit = " LIMIT " + std::to_string(options.preview);
  for (const destination::ColumnShape& column : job.shape.columns) {
    preview.columns.push_back(column.name);
  }
  if (!job.mappings.empty()) {
    const source::Result result = source.query(source_sql(job, order, limit));
    for (std::size_t row = 0; row < result.rows(); ++row) {
      auto& cells = preview.source.emplace_back();
      for (std::size_t column = 0; column < result.columns(); ++column) {
        cells.push_back(result.is_null(row, column) ? std::nullopt : std::optional(result.text(row, column)));
      }
    }
  }
  preview.target = target
                       .query("SELECT " + column_list(job, "CAST(", " AS VARCHAR)") + " FROM (SELECT * FROM " +
                              destination::target_name(job.staged) + order + limit + ") AS p")
                       .rows;
  return preview;
}

}  // namespace pg2duck::sync
