#include "sync/plan/page_plan.hpp"

#include <algorithm>
#include <utility>

#include "decode/heap/wire_conversion.hpp"

namespace pg2duck::sync {
namespace {

using config::ReadMethod;
using source::HeapAttribute;
using source::RelationKind;

/// Below it a table is read in a moment either way.
constexpr std::uint64_t kWorthwhileBytes = std::uint64_t{4} << 20;
/// Each value outside of the heap is asked from the server, which is slower than to ask for all rows at once.
constexpr std::uint64_t kToastShare = 8;

std::string quoted(const std::string& column) {
  return "column " + column;
}

/// What of the columns speaks against it; empty: nothing.
std::string refusal_by_columns(const std::vector<PlannedColumn>& columns) {
  for (const PlannedColumn& column : columns) {
    if (column.role == ColumnRole::kSideText) {
      return quoted(column.source.name) + " has its text beside it";
    }
    if (!column.heap_type || !types::has_own_wire_format(column.mapping)) {
      return quoted(column.source.name) + " is of a type that is only read as it is sent";
    }
  }
  return {};
}

/// How `attribute` lies in the tuples of a heap whose rows fill `columns`.
/// @return nothing when what older tuples lack cannot be put in
std::optional<decode::TupleAttribute> plan_attribute(const std::vector<PlannedColumn>& columns,
                                                     const HeapAttribute& attribute) {
  decode::TupleAttribute stored;
  stored.length = attribute.length;
  stored.alignment = types::alignment_of(attribute.alignment);
  const auto column =
      std::ranges::find_if(columns, [&](const PlannedColumn& c) { return c.source.name == attribute.name; });
  if (attribute.name.empty() || column == columns.end()) {
    return stored;
  }
  stored.column = static_cast<std::size_t>(column - columns.begin());
  if (attribute.missing) {
    stored.missing.resize(decode::kReadableFront);
    if (!decode::append_as_heap(*column->heap_type, *attribute.missing, stored.missing)) {
      return std::nullopt;
    }
  }
  return stored;
}

/// @return why its pages cannot be read; empty: they can, and `layout` is theirs
std::string plan_heap(const source::Heap& heap, const std::vector<PlannedColumn>& columns,
                      decode::TupleLayout& layout) {
  if (!heap.refusal.empty()) {
    return heap.refusal;
  }
  for (const HeapAttribute& attribute : heap.attributes) {
    if (!attribute.is_stored) {
      return quoted(attribute.name) + " is computed when it is read";
    }
    auto stored = plan_attribute(columns, attribute);
    if (!stored) {
      return quoted(attribute.name) + " has a default that older rows do not hold";
    }
    layout.push_back(*std::move(stored));
  }
  return {};
}

struct TableBytes {
  std::uint64_t heap = 0;
  std::uint64_t toast = 0;
};

TableBytes bytes_of(const source::CatalogTable& table) {
  TableBytes bytes;
  for (const source::Leaf& leaf : table.leaves) {
    bytes.heap += leaf.heap_bytes;
    bytes.toast += leaf.toast_bytes;
  }
  return bytes;
}

/// Whether only the rows since the cursor's watermark will be asked for.
bool continues(const TableInputs& inputs) {
  const config::Disposition& disposition = inputs.disposition();
  return inputs.keeps_rows() && !disposition.cursor.empty() && disposition.end.empty() && !inputs.run.options.full &&
         inputs.cursor != nullptr && !inputs.cursor->value.empty();
}

std::string refusal_by_shape(const TableInputs& inputs, const std::vector<PlannedColumn>& columns, bool leaves_out,
                             const WantedRows& rows) {
  const source::CatalogTable& table = inputs.table;
  if (table.kind != RelationKind::kTable && table.kind != RelationKind::kPartitioned) {
    return "only tables have pages";
  }
  if (inputs.run.options.limit) {
    return "the copy is limited";
  }
  if (!rows.read.empty()) {
    return "Postgres chooses the rows";
  }
  if (columns.empty() || columns.front().role == ColumnRole::kStandIn) {
    return "it has no columns";
  }
  if (leaves_out && inputs.settings.read == ReadMethod::kAuto) {
    return "a column that is left out would leave the server with its pages";
  }
  if (!table.whole_because.empty()) {
    return "its parts are read through it";
  }
  if (std::ranges::any_of(table.leaves, [](const source::Leaf& leaf) { return leaf.kind != RelationKind::kTable; })) {
    return "a part of it can only be read by query";
  }
  const TableBytes bytes = bytes_of(table);
  if (inputs.settings.read == ReadMethod::kAuto && bytes.heap < kWorthwhileBytes) {
    return "it is small";
  }
  return bytes.toast * kToastShare > bytes.heap ? "much of it lies outside of its pages" : "";
}

/// Why pages cannot be read before their heaps are looked at; empty: nothing speaks against it.
std::string refusal_at_once(const TableInputs& inputs, const std::vector<PlannedColumn>& columns, bool leaves_out,
                            const WantedRows& rows) {
  if (inputs.settings.read != ReadMethod::kAuto && inputs.settings.read != ReadMethod::kPages) {
    return "not asked for";
  }
  if (std::string why = refusal_by_shape(inputs, columns, leaves_out, rows); !why.empty()) {
    return why;
  }
  const source::PageAccess& access = inputs.run.page_access;
  if (access.by == source::PageAccess::By::kNobody) {
    return access.refusal.empty() ? "the server was not asked" : access.refusal;
  }
  return refusal_by_columns(columns);
}

}  // namespace

bool could_read_pages(const TableInputs& inputs) {
  if (inputs.settings.read == ReadMethod::kPages) {
    return true;
  }
  return inputs.settings.read == ReadMethod::kAuto && !inputs.run.options.limit &&
         bytes_of(inputs.table).heap >= kWorthwhileBytes && !continues(inputs);
}

PagePlan plan_pages(const TableInputs& inputs, const std::vector<PlannedColumn>& columns, bool leaves_out,
                    const WantedRows& rows) {
  if (std::string why = refusal_at_once(inputs, columns, leaves_out, rows); !why.empty()) {
    return {.source = std::nullopt, .refusal = std::move(why)};
  }
  source::PageSource pages{.access = inputs.run.page_access, .snapshot = inputs.run.snapshot_bounds, .layouts = {}};
  for (const source::Leaf& leaf : inputs.table.leaves) {
    const auto heap = inputs.run.heaps.find(leaf.oid);
    if (heap == inputs.run.heaps.end()) {
      return {.source = std::nullopt, .refusal = "its attributes are not known"};
    }
    if (std::string why = plan_heap(heap->second, columns, pages.layouts[leaf.oid]); !why.empty()) {
      return {.source = std::nullopt, .refusal = std::move(why)};
    }
  }
  return {.source = std::move(pages), .refusal = {}};
}

}  // namespace pg2duck::sync
