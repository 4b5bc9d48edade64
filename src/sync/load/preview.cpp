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

KeyOrder key_order(const PreviewRequest& request) {
  KeyOrder order;
  for (const std::string& name : request.order) {
    const PlannedColumn* column = find_value(request.columns, name);
    if (column == nullptr || column->is_transformed() || !sorts_alike(column->mapping.target)) {
      return {};
    }
    order.source.push_back(name);
    order.target.push_back(column->shape.name);
  }
  return order;
}

using Cells = std::vector<std::optional<std::string>>;

/// Whether the source's value of a column is shown: not what is transformed, nor a text beside a column, which is NULL
/// there.
bool is_shown(const PlannedColumn& column) {
  return !column.is_transformed() && column.role == ColumnRole::kValue;
}

std::vector<std::string> shown_expressions(const std::vector<PlannedColumn>& columns) {
  std::vector<std::string> expressions;
  for (const PlannedColumn& column : columns) {
    if (is_shown(column)) {
      expressions.push_back(column.text);
    }
  }
  return expressions;
}

/// A cell for each column; `shown` has those of the columns that are shown.
Cells all_cells(const std::vector<PlannedColumn>& columns, const Cells& shown) {
  Cells cells;
  auto next = shown.begin();
  for (const PlannedColumn& column : columns) {
    if (is_shown(column)) {
      cells.push_back(*next++);
    } else {
      cells.push_back(column.is_transformed() ? std::optional<std::string>("(not shown)") : std::nullopt);
    }
  }
  return cells;
}

}  // namespace

Preview take_preview(const PreviewRequest& request, source::Connection& source, destination::Session& target) {
  Preview preview;
  const KeyOrder order = key_order(request);
  for (const PlannedColumn& column : request.columns) {
    preview.columns.push_back(column.shape.name);
  }
  if (!selected(request.columns).empty()) {
    for (const Cells& row : source::read_first_rows(source, {.table = request.table,
                                                             .condition = request.condition,
                                                             .expressions = shown_expressions(request.columns),
                                                             .order = order.source,
                                                             .limit = request.rows})) {
      preview.source.push_back(all_cells(request.columns, row));
    }
  }
  preview.target = destination::read_first_rows(target, request.staged, preview.columns, order.target, request.rows);
  return preview;
}

}  // namespace pg2duck::sync
