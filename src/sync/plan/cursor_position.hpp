#pragma once

#include <optional>
#include <string>

#include "source/read/cursor_position.hpp"
#include "sync/plan/table_draft.hpp"

namespace pg2duck::sync {

/// What the snapshot must be asked about the cursor of a table. Conditions are SQL; an empty one holds for all rows.
struct CursorQuestions {
  bool transactions = false;               ///< the numbers of transactions: the cursor is xmin
  std::string lag_is_negative;             ///< whether this expression is true; empty: not asked
  std::optional<std::string> nulls_among;  ///< whether the cursor is NULL in some of these rows
  std::string unwanted_rows;               ///< whether there are such rows; empty: not asked
  std::optional<std::string> maximum_of;   ///< the maximum value of these rows
  std::optional<std::string> or_of;        ///< the same of these, where those have none
};

/// @pre the draft has a cursor
CursorQuestions cursor_questions(const TableDraft& draft);

/// The answers; those to questions that are not asked as they stand here.
struct CursorFacts {
  bool lag_is_negative = false;
  bool has_nulls = false;
  bool has_unwanted_rows = false;
  std::optional<std::string> maximum;
  std::optional<std::string> maximum_elsewhere;
  source::TransactionNumbers transactions;
  std::optional<Error> failure;  ///< what Postgres says against a question; those after it were not asked
};

/// Where the cursor of a table stands after this run.
struct CursorPosition {
  std::string watermark;  ///< empty: nowhere
  std::string warning;    ///< empty: none
};

/// @pre   the draft has a cursor
/// @error Error(kConfig): it cannot be followed
CursorPosition cursor_position(const TableDraft& draft, const CursorFacts& facts);

}  // namespace pg2duck::sync
