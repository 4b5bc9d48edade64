#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "config/rules/column_rule.hpp"
#include "source/read/ranges.hpp"
#include "types/heap_type.hpp"
#include "types/map_type.hpp"

namespace pg2duck::sync {

struct PlanInputs;
struct TableJob;

/// One column of a table's SELECT and of its staged table.
struct ColumnJob {
  std::string source;  ///< its name in Postgres
  types::Oid type = 0;
  std::int32_t typmod = -1;
  types::MappingChoice choice;
  types::Mapping mapping;
  std::optional<types::HeapType> heap_type;  ///< when the table's pages are read
  config::Unrepresentable policy = config::Unrepresentable::kError;
  /// It holds the text of what the column before it cannot hold, and is NULL elsewhere.
  bool is_side_text = false;
  /// An expression of DuckDB makes something else of the value, which then shows up nowhere.
  bool transformed = false;
  std::string expression;  ///< SQL that is selected
  std::string text;        ///< SQL of the value as Postgres prints it
};

/// Fills the columns of `job`: what is read, what they become, what the plan says of them. Rules that were used are
/// added to `used` by their index in the options.
/// @error Error(kConfig) for rules that cannot be kept, Error(kUnsupportedType)
void plan_columns(const PlanInputs& inputs, TableJob& job, std::set<std::size_t>& used);

/// The columns as the SELECT lists them.
std::string select_list(const TableJob& job);

/// What is asked of each of the table's ranges.
source::ReadRequest read_request(const TableJob& job, std::optional<std::uint64_t> limit);

/// Whether some column's type depends on values of which none has been seen yet.
bool needs_sample(const TableJob& job);

/// `job` with only those columns whose type depends on their values.
TableJob adaptive_part(const TableJob& job);

/// Asks DuckDB what the expressions of `job` give.
/// @error Error(kConfig)
void bind_expressions(TableJob& job);

/// Notes what values have shown: one profile for each column of `job` that is adaptive.
void learn(TableJob& job, const std::vector<types::ColumnProfile>& seen);

/// Adapts the types of adaptive columns to what is known of their values.
/// @shape `final`: every value has been seen, and the types are not adaptive any more
/// @return the columns whose type has changed, "amount: DECIMAL(38,2) instead of DECIMAL(38,9)"
std::vector<std::string> refit(const types::TypeCatalog& catalog, TableJob& job, bool final);

}  // namespace pg2duck::sync
