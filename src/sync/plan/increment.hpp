#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "config/rules/disposition.hpp"
#include "destination/publish/change.hpp"
#include "source/catalog/catalog.hpp"
#include "source/read/ranges.hpp"

namespace pg2duck::sync {

struct PlanInputs;
struct TableJob;

/// How the copy of one table is kept up instead of being replaced.
struct Increment {
  destination::ChangeKind kind = destination::ChangeKind::kAppend;
  bool first = false;            ///< there is no copy yet, or it is made anew: it is replaced this time
  std::vector<std::string> key;  ///< target columns of a merge
  std::string hard_delete;       ///< target columns
  std::string newest_by;
  destination::ValidityColumns validity;

  std::string cursor;         ///< source column, or xmin; empty: all rows are read
  std::string cursor_target;  ///< its name in the target; empty: it is not copied
  config::NullCursor null_cursor = config::NullCursor::kInclude;
  std::string last_value;       ///< of the cursor, where the run before stopped; empty: nowhere
  std::string next_value;       ///< where this one stops
  std::string finite_rows;      ///< SQL of the rows that the cursor may stop at; empty: all
  std::string lag_is_negative;  ///< SQL of what must be false; empty: nothing
  std::string rows_beyond;      ///< SQL of the rows beyond the last value; empty: all
  std::string cursor_rows;      ///< SQL of the rows that the cursor chooses; empty: all
  std::string whole_condition;  ///< SQL of all rows that the copy is to hold; empty: all
  bool whole = true;            ///< these are read, and not only what is new of them
  /// Rows that were read before may have other values now, without a trace in the cursor: all are read, or will be
  /// by the next run where this one is a backfill.
  bool again = false;

  bool reconcile = false;     ///< rows that the copy has and the source has not are looked for, and the other way round
  std::string reconciled_at;  ///< when that was done last; empty: never
  TableName present;          ///< the staged keys of all rows of the source, when they are there
  std::vector<source::ReadRange> whole_ranges;  ///< that cover all rows
};

/// Plans how the copy of `job` is kept up, and adds what the cursor wants to its condition. Columns are planned.
/// @error Error(kConfig) that names the table's missing key, a column that is not there, what cannot be combined
void plan_increment(const PlanInputs& inputs, TableJob& job);

/// "; merge by id, updated_at from 2025-01-01", for the plan; empty for a table that is replaced.
std::string increment_text(const TableJob& job);

/// An Error(kConfig): what a table's settings say cannot be done.
Error config_error(const std::string& message, std::string hint);

/// The column of the table in Postgres; null: there is none of this name.
const source::CatalogColumn* find_column(const TableJob& job, const std::string& name);

}  // namespace pg2duck::sync
