#include "sync/plan/table_draft.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/identifier.hpp"

namespace pg2duck::sync {
namespace {

void check_row_security(const source::CatalogTable& table) {
  if (table.row_security_active) {
    throw Error(ErrorKind::kPermission, "row-level security would hide rows from this user")
        .set_hint("read as the owner or as a role with BYPASSRLS, or leave the table out with --exclude");
  }
}

/// Why the table is not copied over `other`, which is somebody else's copy.
Error owned_by_another(const TableInputs& inputs, const destination::TableState& other) {
  const destination::Origin& source = inputs.run.target.source;
  const bool of_this_source = destination::is_same_source(other.origin, source);
  const std::string theirs = other.source.display() + (of_this_source ? "" : " of " + other.origin.uri);
  const std::string ours = inputs.table.name.display() + (of_this_source ? "" : " of " + source.uri);
  std::string hint = "give each a schema of its own with --dataset, or add --force if the copy that is there may go";
  if (!of_this_source) {
    hint += fmt::format(
        "; if it is the same database, which has moved: UPDATE _pg2duck.tables SET source = {} WHERE source = {}",
        quote_literal(source.uri), quote_literal(other.origin.uri));
  }
  return Error(ErrorKind::kConflict, fmt::format("{} in the target is the copy of {}, which {} would replace",
                                                 other.target.display(), theirs, ours))
      .set_hint(std::move(hint));
}

/// @error Error(kConflict): the copy would take the place of what is more than a copy
void check_target(const TableInputs& inputs) {
  const auto existing = inputs.run.target.objects.find(inputs.target.folded());
  if (inputs.run.options.force || existing == inputs.run.target.objects.end()) {
    return;
  }
  if (existing->second == destination::Existing::kView) {
    throw Error(ErrorKind::kConflict, "the target has a view named " + inputs.target.display())
        .set_hint("drop the view, or let it be replaced with --force");
  }
  if (inputs.other != nullptr) {
    throw owned_by_another(inputs, *inputs.other);
  }
  if (inputs.run.options.limit && !(inputs.known != nullptr && inputs.known->limited)) {
    throw Error(ErrorKind::kConflict, "a limited copy would replace the full table " + inputs.target.display())
        .set_hint("copy into another file, or add --force if the full copy may go");
  }
}

/// SQL of the rows that the user wants; of filters that match the table the last one counts. Empty: all.
std::string row_filter(const TableInputs& inputs) {
  std::string condition;
  for (const config::RowFilter& filter : inputs.run.options.where) {
    if (filter.tables.matches(inputs.table.name)) {
      condition = filter.condition;
    }
  }
  return condition;
}

/// The keys that divide a lake's files are columns of the copy.
void check_partitions(const TableInputs& inputs, const std::vector<PlannedColumn>& columns) {
  for (const config::PartitionKey& key : inputs.settings.partition_by) {
    const auto is_key = [&](const PlannedColumn& column) {
      return fold_case(column.shape.name) == fold_case(key.column);
    };
    if (std::ranges::none_of(columns, is_key)) {
      throw config_error(
          "its files are to be divided by " + key.column + ", and no column is called so",
          "name a column of the copy; one with other characters than letters, digits and _ goes between \"\"");
    }
  }
}

void check_refusal(const std::optional<Error>& refusal) {
  if (refusal) {
    throw Error(*refusal);
  }
}

/// Where a target's tables can only be replaced, or not be divided.
void check_capabilities(const TableInputs& inputs, const std::optional<Increment>& increment) {
  if (increment && !inputs.run.supports.changes) {
    throw config_error("in a target of this kind tables can only be replaced",
                       "set mode = \"replace\" for this table, or copy into a file or a lake");
  }
  if (!inputs.settings.partition_by.empty() && !inputs.run.supports.partitions) {
    throw config_error("only a lake divides the files of its tables",
                       "leave partition_by out, or copy into a lake: ducklake:shop.ducklake");
  }
}

void warn(std::vector<std::string>& warnings, const std::string& warning) {
  if (!warning.empty()) {
    warnings.push_back(warning);
  }
}

std::string note_no_columns(const std::vector<PlannedColumn>& columns) {
  return columns.front().role == ColumnRole::kStandIn
             ? std::string("the table has no columns: the target gets one named ") + kNoColumns +
                   ", always NULL, so that its rows can be counted"
             : "";
}

/// Key, filter and partitions: what is the same whether the copy is replaced or kept up.
/// @return the filter
std::string draft_columns(const TableInputs& inputs, TableDraft& draft) {
  CarriedKey key = carried_key(inputs, draft.columns);
  draft.primary_key = std::move(key.columns);
  warn(draft.warnings, key.missing);
  warn(draft.warnings, note_no_columns(draft.columns));
  const std::string filter = row_filter(inputs);
  warn(draft.warnings, filter.empty() ? "" : "only rows where " + filter);
  check_partitions(inputs, draft.columns);
  return filter;
}

/// What becomes of the copy that is there.
void draft_increment(const TableInputs& inputs, const std::vector<std::string>& ignored, TableDraft& draft) {
  Comparison comparison = compare_with_copy(inputs, draft.columns, ignored);
  draft.history = std::move(comparison.history);
  draft.schema_changes = std::move(comparison.changes);
  std::optional<Increment> increment = plan_increment(inputs, draft.columns, draft.history);
  if (!increment) {
    warn(draft.warnings, idle_settings(inputs.disposition()));
    return;
  }
  if (increment->has_versions() && !draft.primary_key.empty()) {
    warn(draft.warnings, "its primary key is not carried over: of each key there are several versions");
    draft.primary_key.clear();
  }
  draft.cursor = plan_cursor(inputs, draft.columns, draft.history, *increment);
  draft.increment = std::move(increment);
  if (draft.increment->reread) {
    draft.schema_changes = with_reread(std::move(draft.schema_changes), inputs.disposition());
  }
}

/// The columns of the source by which rows are known that stay as they are, and that no reconcile takes away.
std::vector<std::string> kept_key(const TableDraft& draft) {
  const Increment& increment = *draft.increment;
  std::vector<std::string> key;
  for (const PlannedColumn& column : draft.columns) {
    const bool is_key = std::ranges::find(increment.key, column.shape.name) != increment.key.end();
    if (column.role == ColumnRole::kValue && is_key && !increment.reconcile) {
      key.push_back(column.source.name);
    }
  }
  return key;
}

void check_increment(const TableInputs& inputs, TableDraft& draft) {
  check_versions_are_kept(inputs, draft.increment);
  check_policy(inputs, draft.schema_changes);
  if (draft.increment && !draft.increment->initial_load) {
    draft.type_doubts = check_kept_rows(
        inputs, draft.columns, draft.history,
        {.by_value = draft.increment->kind == destination::ChangeKind::kAppend && draft.cursor.has_value(),
         .key = kept_key(draft),
         .holds_versions = draft.increment->has_versions()});
  }
  check_capabilities(inputs, draft.increment);
  warn(draft.warnings, check_append_of_all(inputs));
}

void plan_table(const TableInputs& inputs, const ExpressionFacts& expressions, TableDraft& draft) {
  check_row_security(inputs.table);
  check_target(inputs);
  TableColumns planned = plan_columns(inputs);
  draft.columns = bound(std::move(planned.columns), expressions.types);
  check_refusal(planned.refusal);
  check_refusal(expressions.failure);
  const std::string filter = draft_columns(inputs, draft);
  draft_increment(inputs, planned.ignored, draft);
  check_increment(inputs, draft);
  draft.read = plan_reading(inputs, draft.columns, planned.leaves_out,
                            wanted_rows(inputs, filter, draft.increment, draft.cursor));
}

}  // namespace

TableDraft draft_table(const PlanInputs& inputs, std::size_t index, const ExpressionFacts& expressions) {
  const TableInputs of_table = inputs_of(inputs, index);
  TableDraft draft{.index = index, .table = of_table.table, .target = of_table.target, .settings = of_table.settings};
  if (draft.table.kind == source::RelationKind::kForeign) {
    draft.warnings.emplace_back("a foreign table is read live: its rows are not part of the snapshot");
  }
  try {
    plan_table(of_table, expressions, draft);
  } catch (Error& error) {
    draft.refusal = error.add_context("table " + draft.table.name.display());
  }
  return draft;
}

std::uint64_t bytes_of(const source::CatalogTable& table) {
  return source::whole(table).bytes;
}

}  // namespace pg2duck::sync
