#include "sync/plan/cursor_position.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/identifier.hpp"
#include "source/read/ranges.hpp"
#include "sync/plan/cursor_range.hpp"
#include "sync/plan/plan.hpp"
#include "sync/plan/schema_change.hpp"

namespace pg2duck::sync {
namespace {

using destination::ChangeKind;

/// With the table in front: a bare name would mean the text that is selected, and sort as text.
std::string cursor_in(const TableJob& job) {
  return quote_identifier(job.table.name.name) + "." + quote_identifier(job.increment->cursor);
}

/// The rows of the table that hold `condition` as well.
std::string rows_where(const TableJob& job, const std::string& condition, const std::string& more) {
  return " FROM " + job.table.name.quoted() + " AS " + quote_identifier(job.table.name.name) + " WHERE " + condition +
         (more.empty() ? "" : " AND " + source::bracketed(more));
}

void check_no_nulls(source::Connection& session, const TableJob& job) {
  const Increment& increment = *job.increment;
  if (increment.null_cursor != config::NullCursor::kRaise || find_column(job, increment.cursor)->not_null) {
    return;
  }
  const std::string rows = rows_where(job, cursor_in(job) + " IS NULL", job.settings_condition);
  if (session.query("SELECT 1" + rows + " LIMIT 1").rows() > 0) {
    throw config_error(fmt::format("cursor {} is NULL in some rows", increment.cursor),
                       "null_cursor = \"include\" reads them in each run, \"exclude\" never");
  }
}

void check_lag(source::Connection& session, const Increment& increment) {
  if (!increment.lag_is_negative.empty() && session.query("SELECT " + increment.lag_is_negative).text(0, 0) == "t") {
    throw config_error("lag is less than nothing, so that rows would be passed over",
                       "give how far before the last value a run begins: lag = \"1 hour\"");
  }
}

/// Rows that were appended before would lack what a new column says of them now.
void check_new_columns(source::Connection& session, const TableJob& job) {
  const Increment& increment = *job.increment;
  const std::string filled = new_columns_filled(job);
  if (increment.kind != ChangeKind::kAppend || increment.first || increment.whole || filled.empty()) {
    return;
  }
  // A backfill may read any row once more.
  const std::string appended =
      increment.rows_beyond.empty()
          ? job.settings_condition
          : both(job.settings_condition, source::bracketed(increment.rows_beyond) + " IS NOT TRUE");
  if (session.query("SELECT 1" + rows_where(job, source::bracketed(filled), appended) + " LIMIT 1").rows() > 0) {
    throw config_error(fmt::format("rows that were appended before have values in the new columns: {}",
                                   fmt::join(job.history.added, ", ")),
                       full_copy_hint(job) + "; or leave the columns out: --on-schema-change ignore");
  }
}

void read_transactions(source::Connection& session, TableJob& job) {
  Increment& increment = *job.increment;
  const auto now = session.query(
      "SELECT pg_catalog.pg_snapshot_xmin(s.s), pg_catalog.pg_snapshot_xmax(s.s) FROM pg_catalog.pg_current_snapshot() "
      "s");
  // Every transaction that this snapshot does not see has this number or a greater one.
  increment.next_value = now.text(0, 0);
  if (!increment.last_value.empty() && !xmin_reaches(increment.last_value, now.text(0, 1))) {
    throw config_error(
        fmt::format("xmin cannot tell which rows have changed since transaction {}: the server is at {} now, more than "
                    "2^31 later, or has been restored",
                    increment.last_value, now.text(0, 1)),
        full_copy_hint(job));
  }
}

/// Where rows that were read are gone and none has come beyond them, the table may have been emptied and filled anew.
void note_lower_rows(source::Connection& session, TableJob& job, const std::string& counted) {
  const Increment& increment = *job.increment;
  const std::string column = cursor_in(job);
  const auto greatest =
      session.query("SELECT " + column + "::pg_catalog.text" + rows_where(job, counted, job.settings_condition) +
                    " ORDER BY " + column + " DESC LIMIT 1");
  if (greatest.rows() > 0 && greatest.text(0, 0) != increment.last_value) {
    job.plan.warnings.push_back(fmt::format(
        "its cursor {} has gone back: its last value was {}, and no row has more than {} now. Nothing below "
        "the last value is read: if the table was filled anew, pg2duck sync --full --tables {}",
        increment.cursor, increment.last_value, greatest.text(0, 0), job.table.name.display()));
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
  const std::string column = cursor_in(job);
  const std::string counted = increment.finite_rows.empty() ? column + " IS NOT NULL" : increment.finite_rows;
  const auto greatest =
      session.query("SELECT " + column + "::pg_catalog.text" + rows_where(job, counted, job.condition) + " ORDER BY " +
                    column + " DESC LIMIT 1");
  increment.next_value = greatest.rows() == 0 ? increment.last_value : greatest.text(0, 0);
  if (greatest.rows() == 0 && !increment.whole && increment.last_value != job.settings.disposition.initial) {
    note_lower_rows(session, job, counted);
  }
}

}  // namespace

void read_cursors(source::Connection& session, std::vector<TableJob>& plan) {
  for (TableJob& job : plan) {
    if (job.refusal || !job.increment || job.increment->cursor.empty()) {
      continue;
    }
    session.execute("SAVEPOINT pg2duck_cursor");
    try {
      read_cursor(session, job);
    } catch (Error& error) {
      if (error.kind() == ErrorKind::kCancelled || error.kind() == ErrorKind::kConnection) {
        throw;
      }
      session.execute("ROLLBACK TO SAVEPOINT pg2duck_cursor");
      // A name that is not known stands in the settings: the plan was made from the catalog that this snapshot sees.
      if (error.kind() == ErrorKind::kSourceSql || error.kind() == ErrorKind::kSchemaDrift) {
        error = Error(ErrorKind::kConfig, error.message())
                    .set_sqlstate(error.sqlstate())
                    .set_hint(
                        "look at cursor, initial, end, lag and where of this table; a cursor that is another "
                        "column now begins anew with --full");
      }
      job.refusal = error.add_context("table " + job.table.name.display());
    }
    session.execute("RELEASE SAVEPOINT pg2duck_cursor");
  }
}

}  // namespace pg2duck::sync
