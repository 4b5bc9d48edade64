#include "sync/plan/cursor_position.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "source/read/cursor_range.hpp"
#include "source/read/ranges.hpp"

namespace pg2duck::sync {
namespace {

bool is_backfill(const TableDraft& draft) {
  return !draft.settings.disposition.end.empty();
}

/// Rows that were appended before would lack what a new column says of them now.
std::string appended_rows_with_new_columns(const TableDraft& draft) {
  const bool keeps_appended =
      draft.increment->kind == destination::ChangeKind::kAppend && !draft.increment->initial_load;
  const std::string filled = source::rows_with_any(draft.history.added);
  if (!keeps_appended || draft.read.rows.whole || filled.empty()) {
    return "";
  }
  // A backfill may read any row once more.
  const std::string& beyond = draft.cursor->rows_beyond;
  const std::string appended =
      beyond.empty() ? draft.read.rows.filter : source::both(draft.read.rows.filter, source::not_true(beyond));
  return source::both(filled, appended);
}

bool may_hold_nulls(const TableDraft& draft) {
  return !find_column(draft.table, draft.cursor->column)->not_null;
}

Error cannot_follow(const TableDraft& draft, const std::string& message, const std::string& more = "") {
  return config_error(message,
                      full_refresh_hint(draft.table.name, draft.target, draft.increment->has_versions()) + more);
}

void check_facts(const TableDraft& draft, const CursorFacts& facts) {
  if (facts.lag_is_negative) {
    throw config_error("lag is less than nothing, so that rows would be passed over",
                       "give how far before the last value a run begins: lag = \"1 hour\"");
  }
  if (facts.has_nulls) {
    throw config_error(fmt::format("cursor {} is NULL in some rows", draft.cursor->column),
                       "null_cursor = \"include\" reads them in each run, \"exclude\" never");
  }
  if (facts.has_unwanted_rows) {
    throw cannot_follow(draft,
                        fmt::format("rows that were appended before have values in the new columns: {}",
                                    fmt::join(draft.history.added, ", ")),
                        "; or leave the columns out: --on-schema-change ignore");
  }
  if (!facts.failure) {
    return;
  }
  // A name that is not known stands in the settings: the plan was made from the catalog that this snapshot sees.
  if (facts.failure->kind() == ErrorKind::kSourceSql || facts.failure->kind() == ErrorKind::kSchemaDrift) {
    throw config_error(facts.failure->message(),
                       "look at cursor, initial, end, lag and where of this table; a cursor that is another "
                       "column now begins anew with --full")
        .set_sqlstate(facts.failure->sqlstate());
  }
  throw Error(*facts.failure);
}

CursorPosition transaction_position(const TableDraft& draft, const source::TransactionNumbers& now) {
  const std::string& watermark = draft.cursor->watermark;
  if (!watermark.empty() && !source::xmin_reaches(watermark, now.next)) {
    throw cannot_follow(
        draft,
        fmt::format("xmin cannot tell which rows have changed since transaction {}: the server is at {} now, more than "
                    "2^31 later, or has been restored",
                    watermark, now.next));
  }
  return {.watermark = now.seen, .warning = {}};
}

/// Where rows that were read are gone and none has come beyond them, the table may have been emptied and filled anew.
std::string note_lower_rows(const TableDraft& draft, const std::optional<std::string>& maximum) {
  const CursorPlan& cursor = *draft.cursor;
  return !maximum || *maximum == cursor.watermark
             ? ""
             : fmt::format(
                   "its cursor {} has gone back: its last value was {}, and no row has more than {} now. "
                   "Nothing below the last value is read: if the table was filled anew, pg2duck sync --full "
                   "--tables {}",
                   cursor.column, cursor.watermark, *maximum, draft.table.name.display());
}

}  // namespace

CursorQuestions cursor_questions(const TableDraft& draft) {
  const CursorPlan& cursor = *draft.cursor;
  CursorQuestions questions{.transactions = cursor.is_transaction()};
  if (questions.transactions) {
    return questions;
  }
  const WantedRows& rows = draft.read.rows;
  questions.lag_is_negative = cursor.lag_is_negative;
  if (cursor.null_cursor == config::NullCursor::kRaise && may_hold_nulls(draft)) {
    questions.nulls_among = rows.filter;
  }
  questions.unwanted_rows = appended_rows_with_new_columns(draft);
  if (!is_backfill(draft)) {
    questions.maximum_of = rows.read;
    if (!rows.whole && cursor.watermark != draft.settings.disposition.initial) {
      questions.or_of = rows.filter;
    }
  }
  return questions;
}

CursorPosition cursor_position(const TableDraft& draft, const CursorFacts& facts) {
  check_facts(draft, facts);
  const CursorPlan& cursor = *draft.cursor;
  if (cursor.is_transaction()) {
    return transaction_position(draft, facts.transactions);
  }
  if (is_backfill(draft)) {
    return {};
  }
  return {.watermark = facts.maximum.value_or(cursor.watermark),
          .warning = facts.maximum ? "" : note_lower_rows(draft, facts.maximum_elsewhere)};
}

}  // namespace pg2duck::sync
