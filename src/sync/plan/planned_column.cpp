#include "sync/plan/planned_column.hpp"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/identifier.hpp"
#include "types/numeric_mapping.hpp"
#include "types/read_expression.hpp"

namespace pg2duck::sync {

std::string PlannedColumn::target_type() const {
  return is_transformed() ? shape.result.sql() : mapping.target.sql();
}

const PlannedColumn* find_value(const std::vector<PlannedColumn>& columns, const std::string& source) {
  const auto found = std::ranges::find_if(columns, [&source](const PlannedColumn& column) {
    return column.role == ColumnRole::kValue && column.source.name == source;
  });
  return found == columns.end() ? nullptr : &*found;
}

std::vector<PlannedColumn> selected(std::vector<PlannedColumn> columns) {
  std::erase_if(columns, [](const PlannedColumn& column) { return column.role == ColumnRole::kStandIn; });
  return columns;
}

std::string select_list(const std::vector<PlannedColumn>& columns) {
  const auto is_selected = [](const PlannedColumn& column) { return column.role != ColumnRole::kStandIn; };
  auto selects = columns | std::views::filter(is_selected) | std::views::transform(&PlannedColumn::select);
  return fmt::format("{}", fmt::join(selects.begin(), selects.end(), ", "));
}

std::vector<destination::ColumnShape> shapes_of(const std::vector<PlannedColumn>& columns) {
  std::vector<destination::ColumnShape> shapes;
  std::ranges::transform(columns, std::back_inserter(shapes), &PlannedColumn::shape);
  return shapes;
}

ColumnPlan describe(const PlannedColumn& column) {
  return {.name = column.shape.name,
          .source_type = column.source.type_display,
          .target_type = column.target_type(),
          .note = column.is_transformed() ? "it is " + column.shape.expression : column.mapping.note,
          .expression = column.shape.expression,
          .compression = std::string(types::to_string(column.shape.compression))};
}

PlannedColumn mapped(PlannedColumn column, types::Mapping mapping) {
  column.mapping = std::move(mapping);
  column.select = types::read_expression(column.mapping, quote_identifier(column.source.name));
  column.shape.type = column.mapping.target;
  column.shape.compared = types::with_numbers_marked(column.mapping);
  return column;
}

}  // namespace pg2duck::sync
