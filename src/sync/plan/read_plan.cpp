#include "sync/plan/read_plan.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "base/identifier.hpp"
#include "source/read/row_places.hpp"
#include "sync/plan/page_plan.hpp"

namespace pg2duck::sync {
namespace {

using config::ReadMethod;
using source::RelationKind;

constexpr int kFirstVersionWithTidRangeScan = 140000;
/// Below it a table is read in a moment, index or not.
constexpr std::uint64_t kWorthAnIndex = std::uint64_t{1} << 20;

bool has_tid_ranges(const TableInputs& inputs) {
  return inputs.run.server_version >= kFirstVersionWithTidRangeScan && inputs.settings.read != ReadMethod::kGentle;
}

std::string why_one_piece(const TableInputs& inputs) {
  if (inputs.run.options.limit) {
    return "limited";
  }
  if (inputs.table.kind == RelationKind::kView || inputs.table.kind == RelationKind::kForeign) {
    return std::string(to_string(inputs.table.kind));
  }
  if (!inputs.table.whole_because.empty()) {
    return inputs.table.whole_because;
  }
  return inputs.run.server_version < kFirstVersionWithTidRangeScan ? "the server is older than 14" : "";
}

ReadBy read_by(const TableInputs& inputs, const ReadPlan& plan) {
  if (plan.pages) {
    return ReadBy::kPages;
  }
  if (inputs.settings.read == ReadMethod::kGentle) {
    return ReadBy::kWholeTable;
  }
  return plan.ranges.size() > 1 ? ReadBy::kRanges : ReadBy::kOnePiece;
}

std::string describe_copy(const ReadPlan& plan) {
  const std::string because = plan.because.empty() ? "" : ": " + plan.because;
  switch (plan.by) {
    case ReadBy::kPages:
      return "pages";
    case ReadBy::kRanges:
      return "copy in ranges";
    case ReadBy::kWholeTable:
      return "copy of the whole table" + because;
    case ReadBy::kIndex:
      return "copy by an index";
    case ReadBy::kOnePiece:
      break;
  }
  return "copy in one piece" + because;
}

/// The rows that need no place: those that the cursor chooses, and those that a merge takes out of the copy, which must
/// not be looked for there.
std::string rows_without_place(const std::vector<PlannedColumn>& columns, const Increment& increment,
                               const CursorPlan& cursor) {
  for (const PlannedColumn& column : columns) {
    if (column.shape.name == increment.hard_delete) {
      const bool is_boolean = column.shape.type.sql() == "BOOLEAN";
      return source::either(cursor.rows, source::marked_rows(column.source.name, is_boolean));
    }
  }
  return source::bracketed(cursor.rows);
}

PlannedColumn plan_place(const std::string& rows_without) {
  PlannedColumn place{.role = ColumnRole::kPlace};
  place.source.name = "ctid";
  place.source.type_display = "text";
  place.select = source::place_unless(rows_without);
  place.text = place.select;
  place.shape.name = kPlaceColumn;
  place.shape.type = place.mapping.target;
  return place;
}

}  // namespace

ReadPlan plan_reading(const TableInputs& inputs, const std::vector<PlannedColumn>& columns, bool leaves_out,
                      const WantedRows& rows) {
  PagePlan pages = plan_pages(inputs, columns, leaves_out, rows);
  const bool wanted = inputs.settings.read == ReadMethod::kAuto || inputs.settings.read == ReadMethod::kPages;
  ReadPlan plan{.rows = rows,
                .because = why_one_piece(inputs),
                .no_pages = wanted ? std::move(pages.refusal) : "",
                .order = {},
                .pages = std::move(pages.source)};
  plan.ranges = source::split_ranges(inputs.table, {.block_bytes = inputs.run.block_bytes,
                                                    .tid_ranges = has_tid_ranges(inputs),
                                                    .readers = inputs.run.readers,
                                                    .closed = plan.pages.has_value(),
                                                    .limit = inputs.run.options.limit});
  plan.all_ranges = plan.ranges;
  plan.by = read_by(inputs, plan);
  if (plan.by == ReadBy::kWholeTable) {
    plan.because = inputs.table.whole_because;
  }
  return plan;
}

std::optional<KeyPlan> plan_keys(const std::vector<PlannedColumn>& columns, const WantedRows& rows,
                                 const std::optional<Increment>& increment, const std::optional<CursorPlan>& cursor) {
  if (!increment || !increment->reconcile || rows.whole) {
    return std::nullopt;
  }
  KeyPlan plan;
  std::ranges::copy_if(columns, std::back_inserter(plan.columns), [&increment](const PlannedColumn& column) {
    return std::ranges::find(increment->key, column.shape.name) != increment->key.end();
  });
  plan.columns.push_back(plan_place(rows_without_place(columns, *increment, *cursor)));
  return plan;
}

source::ReadRequest request_for(const TableName& table, const std::vector<PlannedColumn>& columns,
                                const std::string& condition) {
  return {.select_list = select_list(columns),
          .condition = condition,
          .alias = condition.empty() ? "" : table.name,
          .order = {},
          .limit = std::nullopt};
}

bool may_use_index(const source::CatalogTable& table, const std::optional<CursorPlan>& cursor) {
  return cursor && !cursor->is_transaction() &&
         (table.kind == RelationKind::kTable || table.kind == RelationKind::kPartitioned);
}

bool is_worth_an_index(const source::CatalogTable& table) {
  return !table.leaves.empty() && source::whole(table).bytes >= kWorthAnIndex;
}

ReadPlan read_by_index(ReadPlan plan, const TableInputs& inputs, const Increment& increment, const CursorPlan& cursor) {
  plan.by = ReadBy::kIndex;
  plan.no_pages.clear();
  plan.ranges = {source::whole(inputs.table)};
  if (increment.kind == destination::ChangeKind::kAppend) {
    plan.order = quote_identifier(cursor.column);
  }
  return plan;
}

std::string missing_index(const source::CatalogTable& table, const CursorPlan& cursor) {
  const bool partitioned = table.kind == RelationKind::kPartitioned;
  return fmt::format("no index begins with its cursor {}, so that each run scans the table: CREATE INDEX {}ON {} ({})",
                     cursor.column, partitioned ? "" : "CONCURRENTLY ", table.name.quoted(),
                     quote_identifier(cursor.column));
}

std::string describe(const ReadPlan& plan) {
  return describe_copy(plan) + (plan.no_pages.empty() ? "" : " (no pages: " + plan.no_pages + ")");
}

}  // namespace pg2duck::sync
