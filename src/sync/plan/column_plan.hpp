#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "sync/plan/plan_inputs.hpp"
#include "sync/plan/planned_column.hpp"

namespace pg2duck::sync {

/// The one column of a table that has none in Postgres.
inline constexpr const char* kNoColumns = "_pg2duck_no_columns";

/// The columns of one table, and what rules and policy have made of them.
struct TableColumns {
  std::vector<PlannedColumn> columns;
  bool leaves_out = false;           ///< a rule leaves some out
  std::vector<std::string> ignored;  ///< source columns that are new, and left out by the policy
  std::optional<Error> refusal;      ///< why they cannot be copied; `columns` has those before that
};

/// The columns of a table as rules, settings and ledger want them. Expressions are not bound yet.
/// @return with a refusal of kConfig for rules that cannot be kept, kUnsupportedType
TableColumns plan_columns(const TableInputs& inputs);

/// What DuckDB says of an expression.
struct ExpressionType {
  types::DuckType result;
  bool varies = false;  ///< it may give another value in each run
};

/// By the names of the columns in the copy.
using ExpressionTypes = std::map<std::string, ExpressionType>;

bool has_expressions(const std::vector<PlannedColumn>& columns);

/// `columns` with the types of their expressions.
std::vector<PlannedColumn> bound(std::vector<PlannedColumn> columns, const ExpressionTypes& types);

/// The primary key under its names in the copy.
struct CarriedKey {
  std::vector<std::string> columns;  ///< empty: there is none, or it is not carried over
  std::string missing;               ///< why it is not; empty: nobody wants it, or it is
};

CarriedKey carried_key(const TableInputs& inputs, const std::vector<PlannedColumn>& columns);

}  // namespace pg2duck::sync
