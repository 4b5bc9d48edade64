#include "sync/load/preview.hpp"

#include <algorithm>

#include "destination/tables/staged_table.hpp"
#include "source/read/first_rows.hpp"

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
  std::vector<std::string> source;
  std::vector<std::string> target;
};

KeyOrder key_order(const TableJob& job) {
  KeyOrder order;
  for (const std::string& key : job.table.primary_key) {
    const auto column = std::ranges::find(job.columns, key, &ColumnJob::source);
    if (column == job.columns.end() || column->transformed || !sorts_alike(column->mapping.target)) {
      return {};
    }
    order.source.push_back(key);
    order.target.push_back(job.shape.columns[static_cast<std::size_t>(column - job.columns.begin())].name);
  }
  return order;
}

using Cells = std::vector<std::optional<std::string>>;

/// Whether the source's value of a column is shown: not what is transformed, nor a text beside a column, which is NULL
/// there.
bool is_shown(const ColumnJob& column) {
  return !column.transformed && !column.is_side_text;
}

std::vector<std::string> shown_expressions(const TableJob& job) {
  std::vector<std::string> expressions;
  for (const ColumnJob& column : job.columns) {
    if (is_shown(column)) {
      expressions.push_back(column.text);
    }
  }
  return expressions;
}

/// A cell for each column; `shown` has those of the columns that are shown.
Cells all_cells(const TableJob& job, const Cells& shown) {
  Cells cells;
  auto next = shown.begin();
  for (const ColumnJob& column : job.columns) {
    if (is_shown(column)) {
      cells.push_back(*next++);
    } else {
      cells.push_back(column.is_side_text ? std::nullopt : std::optional<std::string>("(not shown)"));
    }
  }
  return cells;
}

}  // namespace

Preview take_preview(const TableJob& job, const config::CopyOptions& options, source::Connection& source,
                     destination::Session& target) {
  Preview preview;
  // A limited copy holds the first rows as they lie, not the first by key.
  const KeyOrder order = options.limit ? KeyOrder{} : key_order(job);
  for (const destination::ColumnShape& column : job.shape.columns) {
    preview.columns.push_back(column.name);
  }
  if (!job.columns.empty()) {
    for (const Cells& row : source::read_first_rows(source, {.table = job.table.name,
                                                             .condition = job.condition,
                                                             .expressions = shown_expressions(job),
                                                             .order = order.source,
                                                             .limit = options.preview})) {
      preview.source.push_back(all_cells(job, row));
    }
  }
  preview.target = destination::read_first_rows(target, job.staged, preview.columns, order.target, options.preview);
  return preview;
}

}  // namespace pg2duck::sync
