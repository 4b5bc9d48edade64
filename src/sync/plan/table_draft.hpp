#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "sync/plan/column_plan.hpp"
#include "sync/plan/cursor_plan.hpp"
#include "sync/plan/increment.hpp"
#include "sync/plan/read_plan.hpp"
#include "sync/plan/schema_change.hpp"

namespace pg2duck::sync {

/// What DuckDB says of the expressions of one table.
struct ExpressionFacts {
  ExpressionTypes types;
  std::optional<Error> failure;  ///< one of them cannot be bound
};

/// The plan of one table as far as catalog, settings and ledger say. What the snapshot and the target have to be asked
/// follows from it; with the answers it becomes a TableJob (sync/plan/table_job.hpp).
struct TableDraft {
  std::size_t index = 0;  ///< of the table in the selection
  source::CatalogTable table;
  TableName target;
  config::TableSettings settings;
  std::vector<PlannedColumn> columns;
  std::vector<std::string> primary_key;  ///< of the copy
  ColumnHistory history;
  std::optional<Increment> increment;  ///< unset: the copy is replaced
  std::optional<CursorPlan> cursor;    ///< unset: all rows are read
  ReadPlan read;
  std::vector<SchemaChange> schema_changes;
  std::vector<TypeDoubt> type_doubts;
  std::vector<std::string> warnings;
  std::optional<Error> refusal;  ///< why the table cannot be copied; what comes later is not planned then
};

/// The draft of the table at `index`. Throws nothing for a table that cannot be copied: that is its refusal.
/// @pre `expressions` are bound, if the table has any
TableDraft draft_table(const PlanInputs& inputs, std::size_t index, const ExpressionFacts& expressions = {});

/// Heap and toast of a table, in bytes.
std::uint64_t bytes_of(const source::CatalogTable& table);

}  // namespace pg2duck::sync
