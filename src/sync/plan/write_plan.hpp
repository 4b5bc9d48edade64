#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "destination/ledger/cursor_state.hpp"
#include "destination/tables/table_ddl.hpp"
#include "sync/plan/cursor_position.hpp"
#include "sync/plan/table_draft.hpp"

namespace pg2duck::sync {

/// How staged rows go into a copy that is kept up.
struct ChangePlan {
  Increment increment;
  std::string boundary;   ///< of an append: the column by which rows are chosen; empty: none
  bool partial = false;   ///< the staged rows say nothing of rows with keys that are not among theirs
  ColumnHistory history;  ///< what the columns of the copy have to follow
};

/// What is written of a table, and where.
struct WritePlan {
  TableName table;   ///< in the target
  TableName staged;  ///< until it is published
  std::string comment;
  std::vector<std::string> primary_key;  ///< columns of the copy; empty: none
  std::vector<config::PartitionKey> partition_by;
  std::optional<ChangePlan> change;                      ///< unset: the staged table replaces the copy
  std::optional<std::uint64_t> max_shrink;               ///< per cent of the copy's rows that may go; unset: all
  std::optional<destination::CursorState> cursor_state;  ///< that the ledger gets; unset: what it has stays

  /// Whether the staged rows go into a table that stays.
  [[nodiscard]] bool changes_copy() const { return change && !change->increment.initial_load; }
};

/// `number`: of the table in its run, for a name of its own.
WritePlan plan_writing(const TableInputs& inputs, const TableDraft& draft, const CursorPosition& position,
                       std::size_t number);

/// The table that is staged with `columns`.
destination::TableShape shape_of(const WritePlan& plan, const std::vector<PlannedColumn>& columns);

}  // namespace pg2duck::sync
