#include "sync/plan/cursor_plan.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "source/read/cursor_range.hpp"
#include "source/read/ranges.hpp"

namespace pg2duck::sync {
namespace {

using config::Disposition;
using config::NullCursor;
using destination::ChangeKind;
using source::RelationKind;

void check_cursor(const TableInputs& inputs, const std::string& cursor) {
  if (cursor != config::kTransactionCursor) {
    if (find_column(inputs.table, cursor) == nullptr) {
      throw config_error(fmt::format("cursor names column {}, which is not there", cursor),
                         nearest_column(inputs.table, cursor) + "Name a column that grows with every change, or xmin");
    }
    return;
  }
  if (inputs.table.kind != RelationKind::kTable && inputs.table.kind != RelationKind::kPartitioned) {
    throw config_error("only tables have xmin", "take a column as cursor, or leave it out");
  }
}

/// A full refresh, an initial load and a backfill begin anywhere but at the watermark.
bool begins_anew(const TableInputs& inputs, const Increment& increment) {
  return increment.initial_load || inputs.run.options.full || !inputs.disposition().end.empty();
}

/// The last value that the ledger knows of this cursor; empty: none.
std::string recorded_watermark(const TableInputs& inputs, const ColumnHistory& history) {
  const std::string& cursor = inputs.disposition().cursor;
  // Transactions are numbered otherwise where a table was restored to.
  if (inputs.cursor == nullptr || (cursor == config::kTransactionCursor && history.recreated)) {
    return "";
  }
  const std::string& recorded = inputs.cursor->cursor;
  const auto renamed = std::ranges::find(history.source_renamed, recorded, &std::pair<std::string, std::string>::first);
  return cursor == (renamed == history.source_renamed.end() ? recorded : renamed->second) ? inputs.cursor->value : "";
}

/// @error Error(kConfig): there is no greatest value
void check_order(const source::CursorRange& range) {
  if (!source::is_sortable(range)) {
    throw config_error(fmt::format("cursor {} is of type {}, which Postgres cannot sort: it has no default btree "
                                   "operator class",
                                   range.column->name, range.column->type_display),
                       "take another cursor, or leave it out");
  }
}

/// @error Error(kConfig): the last value was of a type that sorts otherwise
void check_type_of_watermark(const TableInputs& inputs, const source::CursorRange& range) {
  const destination::TableState* copy = inputs.tracked_copy();
  const destination::ColumnState* known =
      copy == nullptr || range.column == nullptr ? nullptr : known_column(*copy, inputs.table, *range.column);
  if (known != nullptr && source::is_text_now(range, known->target_type)) {
    throw config_error(
        fmt::format("cursor {} was {} and is {} now, which sorts otherwise", range.column->name, known->source_type,
                    range.column->type_display),
        "take another cursor; or, if its text only grows: pg2duck sync --full --tables " + inputs.table.name.display());
  }
}

/// Whether its rows have a place, by which those that were missed could be fetched; else all are read.
bool has_places(const source::CatalogTable& table) {
  return table.kind != RelationKind::kView && table.kind != RelationKind::kForeign && table.whole_because.empty();
}

/// A partition that was attached, or a child that inherits since: no cursor says when its rows came.
void add_new_parts(const TableInputs& inputs, CursorPlan& plan) {
  if (inputs.cursor == nullptr || inputs.cursor->parts.empty()) {
    return;
  }
  const std::string known = "," + inputs.cursor->parts + ",";
  std::vector<types::Oid> heaps;
  for (const source::Leaf& leaf : inputs.table.leaves) {
    if (known.find(fmt::format(",{},", leaf.oid)) == std::string::npos) {
      heaps.push_back(leaf.oid);
      plan.new_parts.push_back(leaf.name.display());
    }
  }
  if (!heaps.empty()) {
    plan.rows =
        source::either(source::bracketed(plan.rows), source::both(plan.copied_rows, source::rows_of_heaps(heaps)));
  }
}

}  // namespace

std::optional<CursorPlan> plan_cursor(const TableInputs& inputs, const std::vector<PlannedColumn>& columns,
                                      const ColumnHistory& history, const Increment& increment) {
  const Disposition& disposition = inputs.disposition();
  if (disposition.cursor.empty()) {
    return std::nullopt;
  }
  check_cursor(inputs, disposition.cursor);
  CursorPlan plan{.column = disposition.cursor};
  const bool append = increment.kind == ChangeKind::kAppend;
  plan.target = append ? copied_column(inputs, columns, plan.column, "cursor") : "";
  plan.null_cursor = disposition.null_cursor.value_or(append ? NullCursor::kRaise : NullCursor::kInclude);
  const std::string recorded = begins_anew(inputs, increment) ? "" : recorded_watermark(inputs, history);
  if (inputs.run.options.full && !disposition.end.empty() && !increment.has_versions()) {
    throw config_error("a backfill reads a part of the table, and --full would replace the copy by it",
                       "leave --full or end out");
  }
  const source::CursorRange range{.disposition = disposition,
                                  .column = find_column(inputs.table, plan.column),
                                  .types = inputs.run.catalog.types,
                                  .null_cursor = plan.null_cursor};
  check_order(range);
  if (range.column != nullptr) {
    plan.source = source::cursor_column(range);
  }
  if (!recorded.empty()) {
    check_type_of_watermark(inputs, range);
  }
  const std::string known = increment.reread ? "" : recorded;
  plan.watermark = known.empty() ? disposition.initial : known;
  plan.finite_rows = source::finite_rows(range);
  plan.lag_is_negative = source::lag_is_negative(range);
  plan.rows_beyond = known.empty() || range.column == nullptr ? "" : source::rows_beyond(range, known);
  plan.rows = source::rows_since(range, plan.watermark);
  plan.copied_rows = source::rows_since(range, disposition.initial);
  plan.whole = known.empty() && disposition.end.empty();
  // What new columns hold now, the cursor may have passed.
  const bool takes_filled = increment.follows_changes() && !plan.whole && disposition.end.empty();
  if (const std::string filled = source::rows_with_any(history.added); takes_filled && !filled.empty()) {
    plan.rows = source::either(plan.rows, source::both(plan.copied_rows, filled));
  }
  if (!plan.whole && disposition.end.empty() && !history.recreated) {
    add_new_parts(inputs, plan);
  }
  return plan;
}

std::string parts_of(const source::CatalogTable& table) {
  return fmt::format("{}", fmt::join(table.leaves | std::views::transform(&source::Leaf::oid), ","));
}

WantedRows wanted_rows(const TableInputs& inputs, const std::string& filter, const std::optional<Increment>& increment,
                       const std::optional<CursorPlan>& cursor) {
  if (!cursor) {
    return {.filter = filter, .copied = filter, .read = filter};
  }
  WantedRows rows{.filter = filter,
                  .copied = source::both(filter, cursor->copied_rows),
                  .read = source::both(filter, cursor->rows),
                  .whole = cursor->whole};
  if (increment->reconcile && !has_places(inputs.table)) {
    rows.read = rows.copied;
    rows.whole = true;
  }
  return rows;
}

}  // namespace pg2duck::sync
