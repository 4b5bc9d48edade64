#include "sync/load/column_fit.hpp"

#include <algorithm>
#include <utility>

#include "sync/load/expression_types.hpp"

namespace pg2duck::sync {

bool needs_sample(const std::vector<PlannedColumn>& columns) {
  return std::ranges::any_of(columns, [](const PlannedColumn& column) {
    return column.is_adaptive() && (column.choice.profile.empty() ||
                                    !std::ranges::all_of(column.choice.profile, &types::ValueProfile::has_values));
  });
}

std::vector<types::ColumnProfile> seen_profiles(const std::vector<PlannedColumn>& columns,
                                                const std::vector<ColumnFindings>& findings) {
  std::vector<types::ColumnProfile> seen;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].is_adaptive()) {
      seen.push_back(findings[i].profile);
    }
  }
  return seen;
}

std::vector<PlannedColumn> with_profiles(std::vector<PlannedColumn> columns,
                                         const std::vector<types::ColumnProfile>& seen) {
  auto profile = seen.begin();
  for (PlannedColumn& column : columns) {
    if (column.is_adaptive()) {
      types::bring_up_to_date(column.choice.profile, *profile++);
    }
  }
  return columns;
}

std::vector<PlannedColumn> fitted(const types::TypeCatalog& catalog, const TableName& table,
                                  std::vector<PlannedColumn> columns, bool final) {
  for (PlannedColumn& column : columns) {
    if (column.is_adaptive()) {
      column.choice.final = final;
      types::Mapping mapping = types::map_type(catalog, column.source.type, column.source.typmod, column.choice);
      column = mapped(std::move(column), std::move(mapping));
    }
  }
  ExpressionTypes types = bind_expressions(table, columns);
  return bound(std::move(columns), types);
}

std::vector<std::string> type_changes(const std::vector<PlannedColumn>& before,
                                      const std::vector<PlannedColumn>& after) {
  std::vector<std::string> changes;
  for (std::size_t i = 0; i < after.size(); ++i) {
    const std::string type = after[i].target_type();
    if (type != before[i].target_type()) {
      changes.push_back(after[i].shape.name + ": " + type + " instead of " + before[i].target_type());
    }
  }
  return changes;
}

}  // namespace pg2duck::sync
