#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/disposition.hpp"
#include "destination/change.hpp"
#include "destination/cursor_state.hpp"
#include "source/connection.hpp"

namespace pg2duck::sync {

struct PlanInputs;
struct TableJob;

/// How the copy of one table is kept up instead of being replaced.
struct Increment {
  destination::ChangeKind kind = destination::ChangeKind::kAppend;
  bool first = false;            ///< there is no copy yet, or it is made anew: it is replaced this time
  std::vector<std::string> key;  ///< target columns of a merge
  std::string cursor;            ///< source column, or xmin; empty: all rows are read
  std::string cursor_target;     ///< its name in the target; empty: it is not copied
  std::string last_value;        ///< of the cursor, where the run before stopped; empty: nowhere
  std::string next_value;        ///< where this one stops
  std::string hard_delete;       ///< target columns
  std::string newest_by;
};

/// Plans how the copy of `job` is kept up, and adds what the cursor wants to its condition. Columns are planned.
/// @error Error(kConfig) that names the table's missing key, a column that is not there, what cannot be combined
void plan_increment(const PlanInputs& inputs, TableJob& job);

/// "; merge by id, updated_at from 2025-01-01", for the plan; empty for a table that is replaced.
std::string increment_text(const TableJob& job);

/// Asks the snapshot where each cursor stands now. A table whose cursor cannot be followed is refused.
void read_cursors(source::Connection& session, std::vector<TableJob>& plan);

/// How the staged rows of `job` go into its table, once they are staged.
/// @error Error(kConfig): a type has changed, or keys are not unique
destination::TableChange change_of(const TableJob& job, destination::Session& session);

/// What the ledger keeps of the cursor of `job`; no value: there is none to keep.
destination::CursorState cursor_state_of(const TableJob& job);

}  // namespace pg2duck::sync
