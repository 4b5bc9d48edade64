#include "sync/plan/schema_change.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "destination/tables/type_change.hpp"
#include "source/catalog/value_origin.hpp"
#include "types/change/conversion.hpp"
#include "types/type_growth.hpp"

namespace pg2duck::sync {
namespace {

using destination::ColumnState;
using destination::TableState;
using source::CatalogColumn;
using types::Conversion;
using Kind = SchemaChange::Kind;

SchemaChange added(const CatalogColumn& column, const std::string& effect) {
  return {.kind = Kind::kAdded, .column = column.name, .now = column.type_display, .effect = effect};
}

/// Values of rows that did not change may be others now, though their type has the same name.
void compare_origin(const ColumnState& known, const PlannedColumn& column, Comparison& comparison) {
  // In another table nothing can be known again but by its name, and all is read anyway.
  if (!known.value_origin || comparison.history.recreated || known.source_type != column.source.type_display) {
    return;
  }
  const std::string why =
      source::origin_change(*known.value_origin, column.value_origin,
                            known.source_name != column.source.name || known.not_null != column.source.not_null);
  if (!why.empty()) {
    comparison.history.retyped = true;
    const bool first = comparison.history.remade.empty();
    comparison.history.remade.emplace(column.source.name, why);
    const bool of_all = why == source::kOtherQuery;
    if (!of_all || first) {
      comparison.changes.push_back({.kind = Kind::kRemade, .column = of_all ? "" : column.source.name, .now = why});
    }
  }
}

/// Whether a copy that is kept up is written anew for this column, as far as its type is known before a row is read.
bool must_rewrite(const TableInputs& inputs, const ColumnState& known, const PlannedColumn& column) {
  const types::TypeText was = types::parse_type(known.target_type);
  const types::TypeText now = types::parse_type(column.target_type());
  return inputs.keeps_rows() && inputs.copy != nullptr && types::conversion(now, was) != Conversion::kCast &&
         was != now && !destination::can_alter(inputs.run.supports, was, now);
}

void compare_column(const TableInputs& inputs, const ColumnState& known, const PlannedColumn& planned,
                    Comparison& comparison) {
  const CatalogColumn& column = planned.source;
  const std::string& name = planned.shape.name;
  if (known.name != name) {
    comparison.history.renamed.emplace_back(known.name, name);
  }
  if (known.source_name != column.name) {
    comparison.history.source_renamed.emplace_back(known.source_name, column.name);
    comparison.changes.push_back({.kind = Kind::kRenamed,
                                  .column = column.name,
                                  .was = known.source_name,
                                  .now = column.name,
                                  .effect = known.name == name ? "it stays " + name + " in the copy" : ""});
  }
  if (known.source_type != column.type_display) {
    comparison.history.retyped = true;
    comparison.changes.push_back({.kind = Kind::kRetyped,
                                  .column = column.name,
                                  .was = known.source_type,
                                  .now = column.type_display,
                                  .effect = must_rewrite(inputs, known, planned) ? kRewritten : ""});
  }
  if (known.not_null != column.not_null) {
    comparison.changes.push_back({.kind = column.not_null ? Kind::kNotNull : Kind::kNullable, .column = column.name});
  }
}

/// Columns of the copy that no planned column has `met`: the source has lost them, or they are not read any more.
void compare_rest(const TableInputs& inputs, const std::set<const ColumnState*>& met, Comparison& comparison) {
  const TableState& copy = *inputs.tracked_copy();
  for (const ColumnState& column : copy.columns) {
    if (column.number == 0 || met.contains(&column)) {
      continue;
    }
    comparison.history.left.push_back(column.name);
    const bool there = std::ranges::any_of(inputs.table.columns, [&](const CatalogColumn& candidate) {
      return known_column(copy, inputs.table, candidate) == &column;
    });
    if (!there) {
      comparison.changes.push_back({.kind = Kind::kDropped,
                                    .column = column.source_name,
                                    .was = column.source_type,
                                    .effect = inputs.keeps_rows()
                                                  ? "the copy keeps it, with NULL in rows that are added"
                                                  : "the copy loses it too"});
    }
  }
}

Error cannot_follow(const TableInputs& inputs, const KeptRows& rows, const std::string& message) {
  return config_error(message, full_refresh_hint(inputs.table.name, inputs.target, rows.holds_versions));
}

/// Rows that stay would keep the values that they had, by which they are to be known again.
void check_not_remade(const TableInputs& inputs, const KeptRows& rows, const ColumnHistory& history) {
  for (const auto& [column, why] : history.remade) {
    if (rows.by_value || std::ranges::find(rows.key, column) != rows.key.end()) {
      throw cannot_follow(
          inputs, rows,
          fmt::format("values of column {}, by which rows that are there are known again, may be others "
                      "now: {}",
                      column, why));
    }
  }
}

/// Rows of the cursor's last value are read again, and known by their values: these must be the same still.
void check_known_again(const TableInputs& inputs, const KeptRows& rows, const ColumnState& known,
                       const CatalogColumn& column) {
  if (!types::is_growth(known.source_type, column.type_display)) {
    throw cannot_follow(inputs, rows,
                        fmt::format("column {} was {} and is {} now, so that rows that were appended may have other "
                                    "values, by which they are not known again",
                                    column.name, known.source_type, column.type_display));
  }
  if (!known.expression.empty()) {
    throw cannot_follow(inputs, rows,
                        fmt::format("types have changed, so that the expression of column {} may give other values "
                                    "for rows that were appended",
                                    column.name));
  }
}

void check_expression(const TableInputs& inputs, const KeptRows& rows, const ColumnState& known,
                      const PlannedColumn& column) {
  if (known.expression != column.shape.expression) {
    throw cannot_follow(
        inputs, rows,
        fmt::format("another expression made the values of column {} in the rows that are there", column.shape.name));
  }
}

std::optional<TypeDoubt> doubt_of(const ColumnState& known, const PlannedColumn& column) {
  const types::DuckType& type = column.is_transformed() ? column.shape.result : column.mapping.target;
  const types::TypeText was = types::parse_type(known.target_type);
  const types::TypeText best = types::candidates(was, types::parse_type(type.sql())).front();
  if (column.is_adaptive() || types::conversion(was, best) != Conversion::kAbsent) {
    return std::nullopt;
  }
  return TypeDoubt{.column = known.name, .shown = column.shape.name, .type = type, .was = known.target_type};
}

}  // namespace

const ColumnState* known_column(const TableState& known, const source::CatalogTable& table,
                                const CatalogColumn& column) {
  const bool same_table = known.oid == table.oid;
  const auto found = std::ranges::find_if(known.columns, [&](const ColumnState& state) {
    return same_table ? state.number == column.number : state.source_name == column.name;
  });
  return found == known.columns.end() ? nullptr : &*found;
}

Comparison compare_with_copy(const TableInputs& inputs, const std::vector<PlannedColumn>& columns,
                             const std::vector<std::string>& ignored) {
  Comparison comparison;
  const TableState* copy = inputs.tracked_copy();
  if (copy == nullptr) {
    return comparison;
  }
  comparison.history.recreated = copy->oid != inputs.table.oid;
  if (comparison.history.recreated && inputs.keeps_rows()) {
    comparison.changes.push_back({.kind = Kind::kRecreated});
  }
  std::set<const ColumnState*> met;
  for (const PlannedColumn& column : columns) {
    if (column.role != ColumnRole::kValue) {
      continue;
    }
    if (const ColumnState* known = known_column(*copy, inputs.table, column.source); known != nullptr) {
      met.insert(known);
      compare_column(inputs, *known, column, comparison);
      compare_origin(*known, column, comparison);
    } else {
      comparison.history.added.push_back(column.source.name);
      comparison.changes.push_back(added(column.source, ""));
    }
  }
  for (const std::string& name : ignored) {
    comparison.changes.push_back(added(*find_column(inputs.table, name), "it is left out"));
  }
  compare_rest(inputs, met, comparison);
  return comparison;
}

std::vector<SchemaChange> with_reread(std::vector<SchemaChange> changes, const config::Disposition& disposition) {
  const std::string rows = disposition.initial.empty() ? "all rows" : "all rows from its initial value on";
  for (SchemaChange& change : changes) {
    if (change.kind == Kind::kRetyped || change.kind == Kind::kRecreated || change.kind == Kind::kRemade) {
      change.effect += change.effect.empty() ? "" : "; ";
      change.effect +=
          disposition.end.empty() ? rows + " are read once more" : "the next run without end reads all rows once more";
    }
  }
  return changes;
}

Error schema_drift(const std::vector<SchemaChange>& changes) {
  std::vector<std::string> texts;
  for (const SchemaChange& change : changes) {
    texts.push_back(describe(change));
  }
  Error error(ErrorKind::kSchemaDrift,
              fmt::format("it is not as it was when it was copied: {}", fmt::join(texts, "; ")));
  error.set_hint("if what reads its copy can live with that: --on-schema-change apply, once, or in pg2duck.toml");
  return error;
}

void check_policy(const TableInputs& inputs, const std::vector<SchemaChange>& changes) {
  if (inputs.settings.on_schema_change == config::OnSchemaChange::kFail && !changes.empty()) {
    throw schema_drift(changes);
  }
}

std::vector<TypeDoubt> check_kept_rows(const TableInputs& inputs, const std::vector<PlannedColumn>& columns,
                                       const ColumnHistory& history, const KeptRows& rows) {
  std::vector<TypeDoubt> doubts;
  const TableState* copy = inputs.tracked_copy();
  if (copy != nullptr) {
    check_not_remade(inputs, rows, history);
  }
  for (const PlannedColumn& column : columns) {
    const ColumnState* known = copy == nullptr || column.role != ColumnRole::kValue
                                   ? nullptr
                                   : known_column(*copy, inputs.table, column.source);
    if (known == nullptr) {
      continue;
    }
    if (rows.by_value && history.retyped) {
      check_known_again(inputs, rows, *known, column.source);
    }
    check_expression(inputs, rows, *known, column);
    if (auto doubt = doubt_of(*known, column)) {
      doubts.push_back(*std::move(doubt));
    }
  }
  return doubts;
}

}  // namespace pg2duck::sync
