#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/rules/column_rule.hpp"
#include "destination/tables/table_ddl.hpp"
#include "source/catalog/catalog.hpp"
#include "sync/report.hpp"
#include "types/heap_type.hpp"
#include "types/map_type.hpp"

namespace pg2duck::sync {

/// What a column of a staged table holds.
enum class ColumnRole {
  kValue,     ///< a column of the source
  kSideText,  ///< the text of what the column before it cannot hold, NULL elsewhere
  kPlace,     ///< where the row stands at the source (source/read/row_places.hpp)
  kStandIn,   ///< nothing, always NULL: DuckDB has no tables without columns. It is not selected
};

/// One column on its way: what is selected in Postgres, how it is decoded, what it is in the copy.
struct PlannedColumn {
  ColumnRole role = ColumnRole::kValue;
  source::CatalogColumn source;  ///< in Postgres; of a side text that of the column before it
  std::string value_origin;      ///< what besides its type makes its values (source/catalog/value_origin.hpp)
  types::MappingChoice choice;   ///< what the mapping was made by
  types::Mapping mapping;
  std::optional<types::HeapType> heap_type;  ///< how its values lie in heap tuples; nothing: they are not read there
  config::Unrepresentable policy = config::Unrepresentable::kError;
  std::string select;              ///< SQL that is selected
  std::string text;                ///< SQL of the value as Postgres prints it
  destination::ColumnShape shape;  ///< in the copy
  /// The type that the values of earlier runs asked for, as the ledger has it; empty: they did not, or the source's
  /// type is another one now.
  std::string known_type;

  /// An expression of DuckDB makes something else of the value, which then shows up nowhere.
  [[nodiscard]] bool is_transformed() const { return !shape.expression.empty(); }

  /// Its type depends on its values.
  [[nodiscard]] bool is_adaptive() const { return types::is_adaptive(mapping); }

  /// The same, also when all values have been seen, and its type is what they ask for.
  [[nodiscard]] bool learns() const { return !choice.profile.empty() || is_adaptive(); }

  /// What it has in the copy, as DuckDB writes it.
  [[nodiscard]] std::string target_type() const;
};

/// The column that holds the values of column `source` of Postgres; null: there is none.
const PlannedColumn* find_value(const std::vector<PlannedColumn>& columns, const std::string& source);

/// The columns that are selected.
std::vector<PlannedColumn> selected(std::vector<PlannedColumn> columns);

/// What of `columns` is selected, as the SELECT lists it.
std::string select_list(const std::vector<PlannedColumn>& columns);

/// They as the staged table has them.
std::vector<destination::ColumnShape> shapes_of(const std::vector<PlannedColumn>& columns);

/// A column as plan and report show it.
ColumnPlan describe(const PlannedColumn& column);

/// `column` as `mapping` has it.
PlannedColumn mapped(PlannedColumn column, types::Mapping mapping);

}  // namespace pg2duck::sync
