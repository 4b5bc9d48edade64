#include "sync/load/expression_types.hpp"

#include "destination/tables/transformation.hpp"

namespace pg2duck::sync {

ExpressionTypes bind_expressions(const TableName& table, const std::vector<PlannedColumn>& columns) {
  ExpressionTypes types;
  if (!has_expressions(columns)) {
    return types;
  }
  destination::TableShape shape{.name = table, .columns = shapes_of(columns)};
  destination::bind_transformations(shape);
  for (const destination::ColumnShape& column : shape.columns) {
    if (!column.expression.empty()) {
      types[column.name] = {.result = column.result, .varies = column.varies};
    }
  }
  return types;
}

}  // namespace pg2duck::sync
