#pragma once

#include <optional>
#include <string>
#include <vector>

#include "source/read/cursor_position.hpp"
#include "sync/plan/increment.hpp"

namespace pg2duck::sync {

/// Which rows a cursor chooses. Conditions are SQL for Postgres; an empty one holds for all rows.
struct CursorPlan {
  std::string column;                          ///< of the source, or xmin
  std::optional<source::CursorColumn> source;  ///< the same as it is asked for; unset: xmin
  std::string target;                          ///< its name in the copy, for an append; else empty
  std::string watermark;    ///< where this run begins: where the one before stopped, or the initial value; may be empty
  std::string rows;         ///< that this run reads
  std::string copied_rows;  ///< that the copy is to hold: from the initial value on
  std::string rows_beyond;  ///< that no run up to the watermark has read
  std::string finite_rows;  ///< whose value the next watermark may be
  std::string lag_is_negative;  ///< an expression that must be false; empty: none
  config::NullCursor null_cursor = config::NullCursor::kInclude;
  bool whole = true;  ///< all rows that the copy is to hold are read, and not only what is new of them

  std::vector<std::string> new_parts;  ///< that came since the last run: their rows are read whatever the cursor says

  [[nodiscard]] bool is_transaction() const { return column == config::kTransactionCursor; }
};

/// Nothing: the table is read without a cursor.
/// @error Error(kConfig): the column is not there, not copied, sorts otherwise than it did, knows no lag
std::optional<CursorPlan> plan_cursor(const TableInputs& inputs, const std::vector<PlannedColumn>& columns,
                                      const ColumnHistory& history, const Increment& increment);

/// The heaps of a table as the ledger notes them, for the next run.
std::string parts_of(const source::CatalogTable& table);

/// The rows of a table that a run is about, as conditions like those above.
struct WantedRows {
  std::string filter;  ///< what the user wrote
  std::string copied;  ///< that the copy is to hold
  std::string read;    ///< by this run
  bool whole = true;   ///< all that the copy is to hold are read, and not only what is new of them
};

WantedRows wanted_rows(const TableInputs& inputs, const std::string& filter, const std::optional<Increment>& increment,
                       const std::optional<CursorPlan>& cursor);

}  // namespace pg2duck::sync
