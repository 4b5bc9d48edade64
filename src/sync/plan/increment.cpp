#include "sync/plan/increment.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/identifier.hpp"
#include "base/spelling.hpp"

namespace pg2duck::sync {
namespace {

using config::Disposition;
using config::MergeStrategy;
using config::Mode;
using destination::ChangeKind;

ChangeKind change_kind(const Disposition& disposition) {
  if (disposition.mode == Mode::kAppend) {
    return ChangeKind::kAppend;
  }
  switch (disposition.strategy) {
    case MergeStrategy::kDeleteInsert:
      return ChangeKind::kDeleteInsert;
    case MergeStrategy::kInsertOnly:
      return ChangeKind::kInsertOnly;
    case MergeStrategy::kScd2:
      return ChangeKind::kVersions;
    case MergeStrategy::kUpsert:
      break;
  }
  return ChangeKind::kUpsert;
}

void check_cursor_settings(const Disposition& disposition) {
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

void check_combination(const TableInputs& inputs) {
  const Disposition& disposition = inputs.disposition();
  const bool merge = disposition.mode == Mode::kMerge;
  if (inputs.run.options.limit) {
    throw config_error("a limited copy can only replace a table", "leave --limit out, or set mode = \"replace\"");
  }
  if (!merge && (!disposition.key.empty() || !disposition.hard_delete.empty() || !disposition.newest_by.empty() ||
                 disposition.strategy != MergeStrategy::kUpsert || disposition.reconcile_seconds > 0)) {
    throw config_error("key, strategy, hard_delete, newest_by and reconcile are for mode merge",
                       "set mode = \"merge\" for this table");
  }
  if (!merge && disposition.cursor == config::kTransactionCursor) {
    throw config_error("cursor xmin finds changed rows again, which only a merge can put in their place",
                       "set mode = \"merge\", or take a column that only grows as cursor");
  }
  check_cursor_settings(disposition);
}

std::vector<std::string> merge_key(const TableInputs& inputs, const std::vector<PlannedColumn>& columns) {
  const Disposition& disposition = inputs.disposition();
  const std::vector<std::string>& names = disposition.key.empty() ? inputs.table.primary_key : disposition.key;
  // Versions are told apart as whole rows, as long as all rows are read.
  const bool needed =
      disposition.strategy != MergeStrategy::kScd2 || !disposition.cursor.empty() || !disposition.newest_by.empty();
  if (names.empty() && needed) {
    throw config_error("it is to be merged, and has no primary key",
                       fmt::format("[table.\"{}\"] key = [\"...\"], or primary_key in a dlt project, names the columns "
                                   "that tell its rows apart",
                                   inputs.table.name.display()));
  }
  std::vector<std::string> key;
  for (const std::string& name : names) {
    const PlannedColumn* column = find_value(columns, name);
    if (needed || !disposition.key.empty()) {
      key.push_back(copied_column(inputs, columns, name, "key"));
    } else if (column != nullptr) {
      key.push_back(column->shape.name);
    } else {
      return {};
    }
  }
  return key;
}

/// @error Error(kConfig): a column is called as one of those that say when a version was valid
destination::ValidityColumns validity_columns(const TableInputs& inputs, const std::vector<PlannedColumn>& columns) {
  const Disposition& disposition = inputs.disposition();
  for (const auto& [setting, name] :
       {std::pair("valid_from", disposition.valid_from), std::pair("valid_to", disposition.valid_to)}) {
    const auto has_name = [&](const PlannedColumn& column) { return fold_case(column.shape.name) == fold_case(name); };
    if (std::ranges::any_of(columns, has_name)) {
      throw config_error(fmt::format("it has a column {} of its own", name),
                         fmt::format("give that of its versions another name: {} = \"...\"", setting));
    }
  }
  return {.from = disposition.valid_from, .to = disposition.valid_to, .at = inputs.run.taken_at};
}

Increment plan_merge(const TableInputs& inputs, const std::vector<PlannedColumn>& columns) {
  const Disposition& disposition = inputs.disposition();
  Increment merge{.kind = change_kind(disposition), .key = merge_key(inputs, columns)};
  key_forms(columns, merge.key, inputs.run.catalog.types);  // only to see that there are some
  if (!disposition.hard_delete.empty()) {
    merge.hard_delete = copied_column(inputs, columns, disposition.hard_delete, "hard_delete");
  }
  if (!disposition.newest_by.empty()) {
    merge.newest_by = copied_column(inputs, columns, disposition.newest_by, "newest_by");
  }
  if (merge.has_versions()) {
    merge.validity = validity_columns(inputs, columns);
  }
  return merge;
}

/// Whether there is no copy to put rows into, or it is made anew. Old versions cannot be read again.
bool is_initial_load(const TableInputs& inputs, const Increment& increment) {
  const bool there = inputs.copy != nullptr && !inputs.copy->limited;
  return !there || (inputs.run.options.full && !increment.has_versions());
}

/// Whether it is time to look for what a cursor cannot see.
bool is_reconcile_due(const TableInputs& inputs, bool initial_load) {
  const Disposition& disposition = inputs.disposition();
  if (initial_load || disposition.mode != Mode::kMerge || !disposition.end.empty()) {
    return false;
  }
  if (inputs.run.options.reconcile || inputs.run.options.full) {
    return true;
  }
  return disposition.reconcile_seconds > 0 &&
         (inputs.cursor == nullptr || inputs.cursor->reconciled_at.empty() ||
          inputs.cursor->seconds_since_reconciled >= static_cast<std::int64_t>(disposition.reconcile_seconds));
}

/// A new type, or a new table of the name, may have given other values to rows that the cursor passes over.
bool must_reread(const TableInputs& inputs, const Increment& increment, const ColumnHistory& history) {
  return !inputs.disposition().cursor.empty() && increment.follows_changes() && !increment.initial_load &&
         (history.retyped || history.recreated);
}

/// Whether rows of the copy may stand under keys that are others now: they would stay beside those that are read.
bool has_other_keys(const TableInputs& inputs, const std::vector<PlannedColumn>& columns, const Increment& increment,
                    const ColumnHistory& history) {
  if (increment.initial_load || !increment.follows_changes() || !inputs.disposition().end.empty()) {
    return false;
  }
  return std::ranges::any_of(columns, [&](const PlannedColumn& column) {
    return column.role == ColumnRole::kValue && history.remade.contains(column.source.name) &&
           std::ranges::find(increment.key, column.shape.name) != increment.key.end();
  });
}

/// @error Error(kConfig): rows of the copy are to be told apart by DuckDB's rowid, and a column hides it
void check_row_numbers(const TableInputs& inputs, const std::vector<PlannedColumn>& columns,
                       const ColumnHistory& history, const Increment& increment) {
  if (!increment.has_versions() && increment.newest_by.empty() && !increment.reconcile) {
    return;
  }
  const auto hides = [](const std::string& name) { return fold_case(name) == "rowid"; };
  for (const PlannedColumn& column : columns) {
    if (hides(column.shape.name)) {
      throw config_error(
          fmt::format("column {} hides DuckDB's row numbers, which versions, newest_by and reconcile need",
                      column.shape.name),
          "give it another name in the copy: --column '" + inputs.table.name.display() + "." +
              display_identifier(column.shape.name) + "=rename row_id'");
    }
  }
  if (std::ranges::any_of(history.left, hides)) {
    throw config_error(
        "its copy keeps a column rowid, which hides DuckDB's row numbers; versions, newest_by and "
        "reconcile need them",
        "give that column another name, or drop it, in the target");
  }
}

}  // namespace

bool Increment::follows_changes() const {
  return kind != ChangeKind::kAppend && kind != ChangeKind::kInsertOnly;
}

std::optional<Increment> plan_increment(const TableInputs& inputs, const std::vector<PlannedColumn>& columns,
                                        const ColumnHistory& history) {
  const Disposition& disposition = inputs.disposition();
  if (disposition.mode == Mode::kReplace) {
    if (disposition.strategy == MergeStrategy::kScd2) {
      throw config_error("strategy scd2 keeps versions, and mode replace would take them away",
                         "set mode = \"merge\" for this table, or leave strategy out");
    }
    return std::nullopt;
  }
  check_combination(inputs);
  Increment increment = disposition.mode == Mode::kMerge ? plan_merge(inputs, columns) : Increment();
  increment.initial_load = is_initial_load(inputs, increment);
  increment.reread = must_reread(inputs, increment, history);
  increment.reconcile =
      is_reconcile_due(inputs, increment.initial_load) || has_other_keys(inputs, columns, increment, history);
  check_row_numbers(inputs, columns, history, increment);
  return increment;
}

std::string idle_settings(const Disposition& disposition) {
  std::vector<const char*> idle;
  for (const auto& [name, given] : {std::pair("cursor", !disposition.cursor.empty()),
                                    std::pair("strategy", disposition.strategy != MergeStrategy::kUpsert),
                                    std::pair("hard_delete", !disposition.hard_delete.empty()),
                                    std::pair("newest_by", !disposition.newest_by.empty()),
                                    std::pair("reconcile", disposition.reconcile_seconds > 0)}) {
    if (given) {
      idle.push_back(name);
    }
  }
  return idle.empty() ? ""
                      : fmt::format(
                            "{} without effect: mode is replace, which copies all rows each time. Set mode = "
                            "\"append\" or \"merge\"",
                            fmt::join(idle, ", "));
}

std::string copied_column(const TableInputs& inputs, const std::vector<PlannedColumn>& columns,
                          const std::string& source, std::string_view setting) {
  const PlannedColumn* column = find_value(columns, source);
  if (column == nullptr) {
    throw config_error(
        fmt::format("{} names column {}, which is not {}", setting, source,
                    find_column(inputs.table, source) == nullptr ? "there" : "copied"),
        fmt::format("{}Name a column that is copied: {} = \"...\"", nearest_column(inputs.table, source), setting));
  }
  if (column->is_transformed()) {
    throw config_error(fmt::format("{} names column {}, of which an expression makes something else", setting, source),
                       "rows can be told apart by values as they are only: name another column, or leave the "
                       "expression out");
  }
  return column->shape.name;
}

std::map<std::string, types::CanonicalForm> key_forms(const std::vector<PlannedColumn>& columns,
                                                      const std::vector<std::string>& key,
                                                      const types::TypeCatalog& types) {
  std::map<std::string, types::CanonicalForm> forms;
  for (const PlannedColumn& column : columns) {
    if (column.role != ColumnRole::kValue || std::ranges::find(key, column.shape.name) == key.end()) {
      continue;
    }
    types::KeyForm found = types::key_form(types, column.source.type, column.source.deterministic, column.mapping);
    if (!found.refusal.empty()) {
      throw config_error(fmt::format("rows cannot be told apart by {}: {}", column.source.name, found.refusal),
                         "name other columns in key, or copy the table anew each time: mode = \"replace\"");
    }
    if (found.form.kind != types::CanonicalForm::Kind::kSame) {
      forms.emplace(column.shape.name, std::move(found.form));
    }
  }
  return forms;
}

std::string nearest_column(const source::CatalogTable& table, const std::string& name) {
  std::vector<std::string_view> names;
  for (const source::CatalogColumn& column : table.columns) {
    names.emplace_back(column.name);
  }
  const auto nearest = nearest_word(name, names);
  return nearest && *nearest != name ? fmt::format("did you mean {}? ", *nearest) : "";
}

std::string check_append_of_all(const TableInputs& inputs) {
  const Disposition& disposition = inputs.disposition();
  if (disposition.mode != Mode::kAppend || !disposition.cursor.empty() ||
      disposition.append_of_all == config::AppendOfAll::kWanted) {
    return "";
  }
  const std::string what = "an append without a cursor adds all rows of the table to its copy in each run";
  if (disposition.append_of_all == config::AppendOfAll::kWarned) {
    return fmt::format("{}, those that are there too: incremental.cursor_path names a column that grows", what);
  }
  throw config_error(
      what, fmt::format("name a column that grows, [table.\"{}\"] cursor = \"...\"; write cursor = \"none\" there if "
                        "rows are to be added again; or set mode = \"replace\" or \"merge\"",
                        inputs.table.name.display()));
}

void check_versions_are_kept(const TableInputs& inputs, const std::optional<Increment>& increment) {
  const bool holds = (inputs.copy != nullptr && inputs.copy->has_versions()) ||
                     (inputs.other != nullptr && inputs.other->has_versions());
  if (holds && (inputs.other != nullptr || !(increment && increment->has_versions()))) {
    throw config_error(
        "its copy holds versions (scd2), which would be lost",
        fmt::format("sync it with mode = \"merge\" and strategy = \"scd2\", leave it out, or give them up: "
                    "DROP TABLE {} in the target",
                    inputs.target.quoted()));
  }
}

}  // namespace pg2duck::sync
