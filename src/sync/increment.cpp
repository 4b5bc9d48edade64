#include "sync/increment.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/identifier.hpp"
#include "source/ranges.hpp"
#include "sync/plan.hpp"

namespace pg2duck::sync {
namespace {

using config::Mode;
using destination::ChangeKind;

/// Transaction numbers are a ring of so many.
constexpr const char* kRing = "4294967296";

Error config_error(const std::string& message, std::string hint) {
  return Error(ErrorKind::kConfig, message).set_hint(std::move(hint));
}

const source::CatalogColumn* find_column(const TableJob& job, const std::string& name) {
  const auto found = std::ranges::find(job.table.columns, name, &source::CatalogColumn::name);
  return found == job.table.columns.end() ? nullptr : &*found;
}

/// The name of a source column in the target; empty when it is not copied.
std::string target_column(const TableJob& job, const std::string& source) {
  for (std::size_t i = 0; i < job.columns.size(); ++i) {
    if (job.columns[i].source == source && !job.columns[i].is_side_text) {
      return job.shape.columns[i].name;
    }
  }
  return {};
}

std::string copied_column(const TableJob& job, const std::string& source, std::string_view setting) {
  std::string name = target_column(job, source);
  if (name.empty()) {
    throw config_error(fmt::format("{} names column {}, which is not {}", setting, source,
                                   find_column(job, source) == nullptr ? "there" : "copied"),
                       fmt::format("name a column that is copied: {} = \"...\"", setting));
  }
  return name;
}

ChangeKind change_kind(const config::Disposition& disposition) {
  if (disposition.mode == Mode::kAppend) {
    return ChangeKind::kAppend;
  }
  switch (disposition.strategy) {
    case config::MergeStrategy::kDeleteInsert:
      return ChangeKind::kDeleteInsert;
    case config::MergeStrategy::kInsertOnly:
      return ChangeKind::kInsertOnly;
    case config::MergeStrategy::kUpsert:
      break;
  }
  return ChangeKind::kUpsert;
}

std::vector<std::string> merge_key(const TableJob& job, const config::Disposition& disposition) {
  const std::vector<std::string>& columns = disposition.key.empty() ? job.table.primary_key : disposition.key;
  if (columns.empty()) {
    throw config_error("it is to be merged, and has no primary key",
                       fmt::format("[table.\"{}\"] key = [\"...\"] names the columns that tell its rows apart",
                                   job.table.name.display()));
  }
  std::vector<std::string> key;
  for (const std::string& column : columns) {
    key.push_back(copied_column(job, column, "key"));
  }
  return key;
}

void check_combination(const PlanInputs& inputs, const config::Disposition& disposition) {
  const bool merge = disposition.mode == Mode::kMerge;
  if (inputs.options.limit) {
    throw config_error("a limited copy can only replace a table", "leave --limit out, or set mode = \"replace\"");
  }
  if (!merge && (!disposition.key.empty() || !disposition.hard_delete.empty() || !disposition.newest_by.empty())) {
    throw config_error("key, hard_delete and newest_by are for mode merge", "set mode = \"merge\" for this table");
  }
  if (!merge && disposition.cursor == config::kTransactionCursor) {
    throw config_error("cursor xmin finds changed rows again, which only a merge can put in their place",
                       "set mode = \"merge\", or take a column that only grows as cursor");
  }
  if (!disposition.initial.empty() && disposition.cursor.empty()) {
    throw config_error("initial says where the cursor begins, and there is none",
                       "set cursor = \"...\", or leave it out");
  }
}

/// The rows that have changed since `value` was the cursor's.
std::string rows_since(const TableJob& job, const std::string& cursor, const std::string& value, bool with_null) {
  if (cursor == config::kTransactionCursor) {
    return fmt::format("((xmin::pg_catalog.text::pg_catalog.int8 - {0} % {1} + {1}) % {1}) < {1} / 2", value, kRing);
  }
  const source::CatalogColumn& column = *find_column(job, cursor);
  const std::string name = quote_identifier(cursor);
  return fmt::format("{} >= {}::{}{}", name, quote_literal(value), column.type_display,
                     with_null && !column.not_null ? " OR " + name + " IS NULL" : "");
}

std::string both(const std::string& condition, const std::string& more) {
  return condition.empty() ? more : source::bracketed(condition) + " AND " + source::bracketed(more);
}

void check_cursor(const TableJob& job, const std::string& cursor) {
  using source::RelationKind;
  if (cursor != config::kTransactionCursor) {
    if (find_column(job, cursor) == nullptr) {
      throw config_error(fmt::format("cursor names column {}, which is not there", cursor),
                         "name a column that grows with every change, or xmin");
    }
    return;
  }
  if (job.table.kind != RelationKind::kTable && job.table.kind != RelationKind::kPartitioned) {
    throw config_error("only tables have xmin", "take a column as cursor, or leave it out");
  }
}

/// The last value that the ledger knows of this cursor.
std::string known_value(const PlanInputs& inputs, const TableJob& job, const std::string& cursor) {
  const auto known = inputs.target.cursors.find(job.shape.name);
  return known != inputs.target.cursors.end() && known->second.cursor == cursor ? known->second.value : "";
}

std::string describe(const Increment& increment, const config::Disposition& disposition) {
  if (increment.first) {
    return fmt::format("; the first copy, then {}", config::to_string(disposition.mode));
  }
  std::string text = fmt::format("; {}", config::to_string(disposition.mode));
  if (!increment.key.empty()) {
    text += fmt::format(" by {}", fmt::join(increment.key, ", "));
  }
  return increment.last_value.empty() ? text
                                      : text + fmt::format(", {} from {}", increment.cursor, increment.last_value);
}

void read_cursor(source::Connection& session, TableJob& job) {
  Increment& increment = *job.increment;
  if (increment.cursor == config::kTransactionCursor) {
    // Every transaction that this snapshot does not see has this number or a greater one.
    increment.next_value =
        session.query("SELECT pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot())").text(0, 0);
    return;
  }
  const std::string name = quote_identifier(increment.cursor);
  const std::string from = job.table.name.quoted() + " AS " + quote_identifier(job.table.name.name);
  const std::string rows = job.condition.empty() ? "" : " AND " + source::bracketed(job.condition);
  // With the table in front: a bare name would mean the text that is selected, and sort as text.
  const std::string column = quote_identifier(job.table.name.name) + "." + name;
  const auto greatest = session.query("SELECT " + column + "::pg_catalog.text FROM " + from + " WHERE " + column +
                                      " IS NOT NULL" + rows + " ORDER BY " + column + " DESC LIMIT 1");
  increment.next_value = greatest.rows() == 0 ? increment.last_value : greatest.text(0, 0);
  if (increment.kind == ChangeKind::kAppend && !find_column(job, increment.cursor)->not_null) {
    const std::string where = job.settings_condition.empty() ? "" : " AND " + source::bracketed(job.settings_condition);
    if (session.query("SELECT 1 FROM " + from + " WHERE " + name + " IS NULL" + where + " LIMIT 1").rows() > 0) {
      throw config_error(
          fmt::format("cursor {} is NULL in some rows, which would never be appended", increment.cursor),
          fmt::format("leave them out with where = \"{} IS NOT NULL\", or set mode = \"merge\"", increment.cursor));
    }
  }
}

}  // namespace

void plan_increment(const PlanInputs& inputs, TableJob& job) {
  const config::Disposition& disposition = job.settings.disposition;
  job.cursor_known = inputs.target.cursors.contains(job.shape.name);
  if (disposition.mode == Mode::kReplace) {
    return;
  }
  check_combination(inputs, disposition);
  Increment increment{.kind = change_kind(disposition), .cursor = disposition.cursor};
  if (disposition.mode == Mode::kMerge) {
    increment.key = merge_key(job, disposition);
  }
  if (!disposition.hard_delete.empty()) {
    increment.hard_delete = copied_column(job, disposition.hard_delete, "hard_delete");
  }
  if (!disposition.newest_by.empty()) {
    increment.newest_by = copied_column(job, disposition.newest_by, "newest_by");
  }
  const auto state = inputs.target.tables.find(job.shape.name);
  const TableName folded{fold_case(job.shape.name.schema), fold_case(job.shape.name.name)};
  const bool there =
      state != inputs.target.tables.end() && !state->second.limited && inputs.target.objects.contains(folded);
  increment.first = !there || inputs.options.full;
  job.settings_condition = job.condition;
  if (!increment.cursor.empty()) {
    check_cursor(job, increment.cursor);
    const bool append = increment.kind == ChangeKind::kAppend;
    increment.cursor_target = append ? copied_column(job, increment.cursor, "cursor") : "";
    increment.last_value = increment.first ? disposition.initial : known_value(inputs, job, increment.cursor);
    if (!increment.last_value.empty()) {
      job.condition = both(job.condition, rows_since(job, increment.cursor, increment.last_value, !append));
    }
  }
  job.increment = std::move(increment);
}

std::string increment_text(const TableJob& job) {
  return job.increment ? describe(*job.increment, job.settings.disposition) : std::string();
}

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
      if (error.kind() == ErrorKind::kSourceSql) {
        error = Error(ErrorKind::kConfig, error.message())
                    .set_sqlstate(error.sqlstate())
                    .set_hint("look at cursor, initial and where of this table");
      }
      job.refusal = error.add_context("table " + job.table.name.display());
    }
    session.execute("RELEASE SAVEPOINT pg2duck_cursor");
  }
}

destination::TableChange change_of(const TableJob& job, destination::Session& session) {
  const Increment& increment = *job.increment;
  destination::ColumnFit fit;
  if (!increment.first) {
    fit = destination::compare_columns(session, job.staged, job.shape.name);
  }
  if (!fit.retyped.empty()) {
    throw config_error(fmt::format("types have changed: {}", fmt::join(fit.retyped, "; ")),
                       "make a whole new copy once: pg2duck sync --full --tables " + job.table.name.display());
  }
  if (!increment.key.empty() && increment.newest_by.empty()) {
    if (const auto repeated = destination::count_repeated_keys(session, job.staged, increment.key); repeated > 0) {
      throw config_error(fmt::format("key ({}) is not unique: {} of its values stand in several rows",
                                     fmt::join(increment.key, ", "), repeated),
                         "name more columns in key, or choose one of the rows with newest_by = \"...\"");
    }
  }
  return {.kind = increment.kind,
          .staged = job.staged,
          .shape = job.shape,
          .existing = std::move(fit.existing),
          .key = increment.key,
          .hard_delete = increment.hard_delete,
          .newest_by = increment.newest_by,
          .boundary = increment.last_value.empty() ? "" : increment.cursor_target};
}

destination::CursorState cursor_state_of(const TableJob& job) {
  return {.table = job.shape.name,
          .cursor = job.increment ? job.increment->cursor : "",
          .value = job.increment ? job.increment->next_value : ""};
}

}  // namespace pg2duck::sync
