#include "sync/plan/increment.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/identifier.hpp"
#include "base/spelling.hpp"
#include "source/read/cursor_range.hpp"
#include "source/read/ranges.hpp"
#include "sync/plan/plan.hpp"
#include "sync/plan/schema_change.hpp"

namespace pg2duck::sync {
namespace {

using config::Mode;
using destination::ChangeKind;

/// The name of a source column in the target; empty when it is not copied.
std::string target_column(const TableJob& job, const std::string& source) {
  for (std::size_t i = 0; i < job.columns.size(); ++i) {
    if (job.columns[i].source == source && !job.columns[i].is_side_text) {
      return job.shape.columns[i].name;
    }
  }
  return {};
}

/// "did you mean updated_at? ", when the table has a column of about that name.
std::string nearest_column(const TableJob& job, const std::string& name) {
  std::vector<std::string_view> names;
  for (const source::CatalogColumn& column : job.table.columns) {
    names.emplace_back(column.name);
  }
  const auto nearest = nearest_word(name, names);
  return nearest && *nearest != name ? fmt::format("did you mean {}? ", *nearest) : "";
}

std::string copied_column(const TableJob& job, const std::string& source, std::string_view setting) {
  std::string name = target_column(job, source);
  if (name.empty()) {
    throw config_error(
        fmt::format("{} names column {}, which is not {}", setting, source,
                    find_column(job, source) == nullptr ? "there" : "copied"),
        fmt::format("{}Name a column that is copied: {} = \"...\"", nearest_column(job, source), setting));
  }
  const bool transformed = std::ranges::any_of(
      job.columns, [&source](const ColumnJob& column) { return column.transformed && column.source == source; });
  if (transformed) {
    throw config_error(fmt::format("{} names column {}, of which an expression makes something else", setting, source),
                       "rows can be told apart by values as they are only: name another column, or leave the "
                       "expression out");
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
    case config::MergeStrategy::kScd2:
      return ChangeKind::kVersions;
    case config::MergeStrategy::kUpsert:
      break;
  }
  return ChangeKind::kUpsert;
}

std::vector<std::string> merge_key(const TableJob& job, const config::Disposition& disposition) {
  const std::vector<std::string>& columns = disposition.key.empty() ? job.table.primary_key : disposition.key;
  // Versions are told apart as whole rows, as long as all rows are read.
  const bool needed = disposition.strategy != config::MergeStrategy::kScd2 || !disposition.cursor.empty() ||
                      !disposition.newest_by.empty();
  if (columns.empty() && needed) {
    throw config_error("it is to be merged, and has no primary key",
                       fmt::format("[table.\"{}\"] key = [\"...\"], or primary_key in a dlt project, names the columns "
                                   "that tell its rows apart",
                                   job.table.name.display()));
  }
  std::vector<std::string> key;
  for (const std::string& column : columns) {
    key.push_back(needed || !disposition.key.empty() ? copied_column(job, column, "key") : target_column(job, column));
  }
  if (std::ranges::find(key, "") != key.end()) {
    key.clear();
  }
  return key;
}

void check_cursor_settings(const config::Disposition& disposition) {
  const bool xmin = disposition.cursor == config::kTransactionCursor;
  const std::pair<const char*, bool> settings[] = {
      {"initial", !disposition.initial.empty()}, {"end", !disposition.end.empty()},
      {"lag", !disposition.lag.empty()},         {"range_start", disposition.open_start},
      {"range_end", disposition.closed_end},     {"null_cursor", disposition.null_cursor.has_value()}};
  for (const auto& [name, given] : settings) {
    if (given && (disposition.cursor.empty() || (xmin && name != std::string_view("initial")))) {
      throw config_error(
          fmt::format("{} says where the cursor begins or ends, and {}", name, xmin ? "it is xmin" : "there is none"),
          "set cursor = \"...\" to a column, or leave it out");
    }
  }
  if (!disposition.end.empty() && disposition.initial.empty()) {
    throw config_error("end needs initial: a backfill begins there, whatever the cursor's last value",
                       "set initial = \"...\"");
  }
  if (!disposition.end.empty() && disposition.reconcile_seconds > 0) {
    throw config_error("a backfill reads a part of the table, and cannot reconcile it", "leave reconcile or end out");
  }
}

void check_combination(const PlanInputs& inputs, const config::Disposition& disposition) {
  const bool merge = disposition.mode == Mode::kMerge;
  if (inputs.options.limit) {
    throw config_error("a limited copy can only replace a table", "leave --limit out, or set mode = \"replace\"");
  }
  if (!merge && (!disposition.key.empty() || !disposition.hard_delete.empty() || !disposition.newest_by.empty() ||
                 disposition.strategy != config::MergeStrategy::kUpsert || disposition.reconcile_seconds > 0)) {
    throw config_error("key, strategy, hard_delete, newest_by and reconcile are for mode merge",
                       "set mode = \"merge\" for this table");
  }
  if (!merge && disposition.cursor == config::kTransactionCursor) {
    throw config_error("cursor xmin finds changed rows again, which only a merge can put in their place",
                       "set mode = \"merge\", or take a column that only grows as cursor");
  }
  check_cursor_settings(disposition);
}

/// Settings that only append or merge have a use for.
/// @error Error(kConfig): versions are wanted, which a new copy would take away
void note_idle_settings(TableJob& job) {
  const config::Disposition& disposition = job.settings.disposition;
  if (disposition.strategy == config::MergeStrategy::kScd2) {
    throw config_error("strategy scd2 keeps versions, and mode replace would take them away",
                       "set mode = \"merge\" for this table, or leave strategy out");
  }
  std::vector<const char*> idle;
  for (const auto& [name, given] : {std::pair("cursor", !disposition.cursor.empty()),
                                    std::pair("strategy", disposition.strategy != config::MergeStrategy::kUpsert),
                                    std::pair("hard_delete", !disposition.hard_delete.empty()),
                                    std::pair("newest_by", !disposition.newest_by.empty()),
                                    std::pair("reconcile", disposition.reconcile_seconds > 0)}) {
    if (given) {
      idle.push_back(name);
    }
  }
  if (!idle.empty()) {
    job.plan.warnings.push_back(fmt::format(
        "{} without effect: mode is replace, which copies all rows each time. Set mode = \"append\" or \"merge\"",
        fmt::join(idle, ", ")));
  }
}

/// @error Error(kConfig): rows of the copy are to be told apart by DuckDB's rowid, and a column hides it
void check_row_numbers(const TableJob& job, const Increment& increment) {
  if (increment.kind != ChangeKind::kVersions && increment.newest_by.empty() && !increment.reconcile) {
    return;
  }
  const auto hides = [](const std::string& name) { return fold_case(name) == "rowid"; };
  const auto column = std::ranges::find_if(job.shape.columns, hides, &destination::ColumnShape::name);
  if (column != job.shape.columns.end()) {
    throw config_error(
        fmt::format("column {} hides DuckDB's row numbers, which versions, newest_by and reconcile need", column->name),
        "give it another name in the copy: --column '" + job.table.name.display() + "." +
            display_identifier(column->name) + "=rename row_id'");
  }
  if (std::ranges::any_of(job.history.left, hides)) {
    throw config_error(
        "its copy keeps a column rowid, which hides DuckDB's row numbers; versions, newest_by and "
        "reconcile need them",
        "give that column another name, or drop it, in the target");
  }
}

void check_cursor(const TableJob& job, const std::string& cursor) {
  using source::RelationKind;
  if (cursor != config::kTransactionCursor) {
    if (find_column(job, cursor) == nullptr) {
      throw config_error(fmt::format("cursor names column {}, which is not there", cursor),
                         nearest_column(job, cursor) + "Name a column that grows with every change, or xmin");
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
  // Transactions are numbered otherwise where a table was restored to.
  if (known == inputs.target.cursors.end() || (cursor == config::kTransactionCursor && job.history.recreated)) {
    return "";
  }
  const auto renamed =
      std::ranges::find(job.history.source_renamed, known->second.cursor, &std::pair<std::string, std::string>::first);
  const std::string& now = renamed == job.history.source_renamed.end() ? known->second.cursor : renamed->second;
  return now == cursor ? known->second.value : "";
}

/// @error Error(kConfig): the last value was of a type that sorts otherwise
void check_cursor_type(const PlanInputs& inputs, const TableJob& job, const source::CursorRange& range) {
  const destination::TableState* copied = known_columns(inputs, job);
  const destination::ColumnState* state =
      copied == nullptr || range.column == nullptr ? nullptr : known_column(*copied, job.table, *range.column);
  if (state != nullptr && source::is_text_now(range, state->target_type)) {
    throw config_error(
        fmt::format("cursor {} was {} and is {} now, which sorts otherwise", range.column->name, state->source_type,
                    range.column->type_display),
        "take another cursor; or, if its text only grows: pg2duck sync --full --tables " + job.table.name.display());
  }
}

std::string describe(const Increment& increment, const config::Disposition& disposition) {
  if (increment.first) {
    return fmt::format("; the first copy, then {}", config::to_string(disposition.mode));
  }
  std::string text = fmt::format("; {}", config::to_string(disposition.mode));
  if (!increment.key.empty()) {
    text += fmt::format(" by {}", fmt::join(increment.key, ", "));
  }
  if (!increment.last_value.empty()) {
    text += fmt::format(", {} from {}", increment.cursor, increment.last_value);
  }
  if (!disposition.end.empty()) {
    text += fmt::format(" to {}", disposition.end);
  }
  return text + (increment.reconcile ? "; keys of all rows are compared" : "");
}

void plan_merge(TableJob& job, Increment& increment) {
  const config::Disposition& disposition = job.settings.disposition;
  increment.key = merge_key(job, disposition);
  if (!disposition.hard_delete.empty()) {
    increment.hard_delete = copied_column(job, disposition.hard_delete, "hard_delete");
  }
  if (!disposition.newest_by.empty()) {
    increment.newest_by = copied_column(job, disposition.newest_by, "newest_by");
  }
  if (increment.kind != ChangeKind::kVersions) {
    return;
  }
  increment.validity = {.from = disposition.valid_from, .to = disposition.valid_to, .at = {}};
  for (const auto& [setting, name] :
       {std::pair("valid_from", disposition.valid_from), std::pair("valid_to", disposition.valid_to)}) {
    if (std::ranges::any_of(job.shape.columns, [&](const auto& c) { return fold_case(c.name) == fold_case(name); })) {
      throw config_error(fmt::format("it has a column {} of its own", name),
                         fmt::format("give that of its versions another name: {} = \"...\"", setting));
    }
  }
  if (!job.shape.primary_key.empty()) {
    job.plan.warnings.emplace_back("its primary key is not carried over: of each key there are several versions");
    job.shape.primary_key.clear();
  }
}

/// Whether rows that were copied before take the values that they have now.
bool follows(const Increment& increment) {
  return increment.kind != ChangeKind::kAppend && increment.kind != ChangeKind::kInsertOnly;
}

/// A new type, or a new table of the name, may have given other values to rows that the cursor passes over.
bool must_read_again(const TableJob& job, const Increment& increment) {
  return follows(increment) && !increment.first && (job.history.retyped || job.history.recreated);
}

void plan_cursor(const PlanInputs& inputs, TableJob& job, Increment& increment) {
  const config::Disposition& disposition = job.settings.disposition;
  check_cursor(job, increment.cursor);
  const bool append = increment.kind == ChangeKind::kAppend;
  increment.cursor_target = append ? copied_column(job, increment.cursor, "cursor") : "";
  increment.null_cursor =
      disposition.null_cursor.value_or(append ? config::NullCursor::kRaise : config::NullCursor::kInclude);
  const bool anew = increment.first || inputs.options.full || !disposition.end.empty();
  const std::string recorded = anew ? "" : known_value(inputs, job, increment.cursor);
  increment.again = must_read_again(job, increment);
  const std::string known = increment.again ? "" : recorded;
  increment.last_value = known.empty() ? disposition.initial : known;
  if (inputs.options.full && !disposition.end.empty() && increment.kind != ChangeKind::kVersions) {
    throw config_error("a backfill reads a part of the table, and --full would replace the copy by it",
                       "leave --full or end out");
  }
  const source::CursorRange range{.disposition = disposition,
                                  .column = find_column(job, increment.cursor),
                                  .types = inputs.catalog.types,
                                  .null_cursor = increment.null_cursor};
  if (!recorded.empty()) {
    check_cursor_type(inputs, job, range);
  }
  increment.finite_rows = source::finite_rows(range);
  increment.lag_is_negative = source::lag_is_negative(range);
  increment.rows_beyond = known.empty() || range.column == nullptr ? "" : source::rows_beyond(range, known);
  increment.cursor_rows = source::rows_since(range, increment.last_value);
  const std::string all = source::rows_since(range, disposition.initial);
  if (!all.empty()) {
    increment.whole_condition = source::both(job.condition, all);
  }
  increment.whole = known.empty() && disposition.end.empty();
  const bool takes_filled = follows(increment) && !increment.whole && disposition.end.empty();
  if (const std::string filled = source::rows_with_any(job.history.added); takes_filled && !filled.empty()) {
    increment.cursor_rows = source::either(increment.cursor_rows, source::both(all, filled));
  }
}

/// Whether its rows have a place, by which those that were missed could be fetched; else all are read.
bool has_places(const source::CatalogTable& table) {
  return table.kind != source::RelationKind::kView && table.kind != source::RelationKind::kForeign;
}

/// Whether it is time to look for what a cursor cannot see.
bool is_reconcile_due(const PlanInputs& inputs, const TableJob& job, const Increment& increment) {
  const config::Disposition& disposition = job.settings.disposition;
  if (increment.first || disposition.mode != Mode::kMerge || !disposition.end.empty()) {
    return false;
  }
  if (inputs.options.reconcile || inputs.options.full) {
    return true;
  }
  const auto known = inputs.target.cursors.find(job.shape.name);
  return disposition.reconcile_seconds > 0 &&
         (known == inputs.target.cursors.end() || known->second.reconciled_at.empty() ||
          known->second.seconds_since_reconciled >= static_cast<std::int64_t>(disposition.reconcile_seconds));
}

}  // namespace

Error config_error(const std::string& message, std::string hint) {
  return Error(ErrorKind::kConfig, message).set_hint(std::move(hint));
}

const source::CatalogColumn* find_column(const TableJob& job, const std::string& name) {
  const auto found = std::ranges::find(job.table.columns, name, &source::CatalogColumn::name);
  return found == job.table.columns.end() ? nullptr : &*found;
}

void plan_increment(const PlanInputs& inputs, TableJob& job) {
  const config::Disposition& disposition = job.settings.disposition;
  const auto cursor_state = inputs.target.cursors.find(job.shape.name);
  job.cursor_known = cursor_state != inputs.target.cursors.end();
  if (disposition.mode == Mode::kReplace) {
    note_idle_settings(job);
    return;
  }
  check_combination(inputs, disposition);
  Increment increment{.kind = change_kind(disposition), .cursor = disposition.cursor};
  if (disposition.mode == Mode::kMerge) {
    plan_merge(job, increment);
  }
  const destination::TableState* copy = inputs.target.find_copy(job.shape.name);
  const bool there = copy != nullptr && !copy->limited;
  // Old versions cannot be read again.
  increment.first = !there || (inputs.options.full && increment.kind != ChangeKind::kVersions);
  increment.reconcile = is_reconcile_due(inputs, job, increment);
  check_row_numbers(job, increment);
  increment.reconciled_at = job.cursor_known ? cursor_state->second.reconciled_at : "";
  job.settings_condition = job.condition;
  increment.whole_condition = job.condition;
  if (!increment.cursor.empty()) {
    plan_cursor(inputs, job, increment);
    if (!increment.cursor_rows.empty()) {
      job.condition = source::both(job.condition, increment.cursor_rows);
    }
    if (increment.reconcile && !has_places(job.table)) {
      job.condition = increment.whole_condition;
      increment.whole = true;
    }
  }
  job.increment = std::move(increment);
}

std::string increment_text(const TableJob& job) {
  return job.increment ? describe(*job.increment, job.settings.disposition) : std::string();
}

}  // namespace pg2duck::sync
