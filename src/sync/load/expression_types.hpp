#pragma once

#include <vector>

#include "base/identifier.hpp"
#include "sync/plan/column_plan.hpp"

namespace pg2duck::sync {

/// What DuckDB says of the expressions among `columns`, which are those of the copy `table`.
/// @error Error(kConfig) with column, expression and DuckDB's words
ExpressionTypes bind_expressions(const TableName& table, const std::vector<PlannedColumn>& columns);

}  // namespace pg2duck::sync
