#include "sync/plan/cursor_plan.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "source/read/cursor_position.hpp"
#include "source/read/cursor_range.hpp"
#include "source/session/savepoint.hpp"
#include "sync/plan/plan.hpp"
#include "sync/plan/schema_change.hpp"

namespace pg2duck::sync {
namespace {

using destination::ChangeKind;

void check_no_nulls(source::Connection& session, const TableJob& job) {
  const Increment& increment = *job.increment;
  if (increment.null_cursor != config::NullCursor::kRaise || find_column(job, increment.cursor)->not_null) {
    return;
  }
  if (source::has_nulls(session, job.table.name, increment.cursor, job.settings_condition)) {
    throw config_error(fmt::format("cursor {} is NULL in some rows", increment.cursor),
                       "null_cursor = \"include\" reads them in each run, \"exclude\" never");
  }
}

void check_lag(source::Connection& session, const Increment& increment) {
  if (!increment.lag_is_negative.empty() && source::is_true(session, increment.lag_is_negative)) {
    throw config_error("lag is less than nothing, so that rows would be passed over",
                       "give how far before the last value a run begins: lag = \"1 hour\"");
  }
}

/// Rows that were appended before would lack what a new column says of them now.
void check_new_columns(source::Connection& session, const TableJob& job) {
  const Increment& increment = *job.increment;
  const std::string filled = source::rows_with_any(job.history.added);
  if (increment.kind != ChangeKind::kAppend || increment.first || increment.whole || filled.empty()) {
    return;
  }
  // A backfill may read any row once more.
  const std::string appended = increment.rows_beyond.empty()
                                   ? job.settings_condition
                                   : source::both(job.settings_condition, source::not_true(increment.rows_beyond));
  if (source::has_rows(session, job.table.name, source::both(filled, appended))) {
    throw config_error(fmt::format("rows that were appended before have values in the new columns: {}",
                                   fmt::join(job.history.added, ", ")),
                       full_copy_hint(job) + "; or leave the columns out: --on-schema-change ignore");
  }
}

void read_transactions(source::Connection& session, TableJob& job) {
  Increment& increment = *job.increment;
  const source::TransactionNumbers now = source::read_transaction_numbers(session);
  increment.next_value = now.seen;
  if (!increment.last_value.empty() && !source::xmin_reaches(increment.last_value, now.next)) {
    throw config_error(
        fmt::format("xmin cannot tell which rows have changed since transaction {}: the server is at {} now, more than "
                    "2^31 later, or has been restored",
                    increment.last_value, now.next),
        full_copy_hint(job));
  }
}

/// Where rows that were read are gone and none has come beyond them, the table may have been emptied and filled anew.
void note_lower_rows(source::Connection& session, TableJob& job) {
  const Increment& increment = *job.increment;
  const auto greatest =
      source::greatest_value(session, job.table.name, increment.cursor, increment.finite_rows, job.settings_condition);
  if (greatest && *greatest != increment.last_value) {
    job.plan.warnings.push_back(fmt::format(
        "its cursor {} has gone back: its last value was {}, and no row has more than {} now. Nothing below "
        "the last value is read: if the table was filled anew, pg2duck sync --full --tables {}",
        increment.cursor, increment.last_value, *greatest, job.table.name.display()));
  }
}

void read_cursor(source::Connection& session, TableJob& job) {
  Increment& increment = *job.increment;
  if (increment.cursor == config::kTransactionCursor) {
    read_transactions(session, job);
    return;
  }
  check_lag(session, increment);
  check_no_nulls(session, job);
  check_new_columns(session, job);
  if (!job.settings.disposition.end.empty()) {
    return;
  }
  const auto greatest =
      source::greatest_value(session, job.table.name, increment.cursor, increment.finite_rows, job.condition);
  increment.next_value = greatest.value_or(increment.last_value);
  if (!greatest && !increment.whole && increment.last_value != job.settings.disposition.initial) {
    note_lower_rows(session, job);
  }
}

}  // namespace

void read_cursors(source::Connection& session, std::vector<TableJob>& plan) {
  for (TableJob& job : plan) {
    if (job.refusal || !job.increment || job.increment->cursor.empty()) {
      continue;
    }
    auto failure = source::try_asking(session, [&] { read_cursor(session, job); });
    if (!failure) {
      continue;
    }
    // A name that is not known stands in the settings: the plan was made from the catalog that this snapshot sees.
    if (failure->kind() == ErrorKind::kSourceSql || failure->kind() == ErrorKind::kSchemaDrift) {
      failure = Error(ErrorKind::kConfig, failure->message())
                    .set_sqlstate(failure->sqlstate())
                    .set_hint(
                        "look at cursor, initial, end, lag and where of this table; a cursor that is another "
                        "column now begins anew with --full");
    }
    job.refusal = failure->add_context("table " + job.table.name.display());
  }
}

}  // namespace pg2duck::sync
