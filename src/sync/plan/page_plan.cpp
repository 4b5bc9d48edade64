#include "sync/plan/page_plan.hpp"

#include <algorithm>
#include <utility>

#include "decode/heap/wire_conversion.hpp"

namespace pg2duck::sync {
namespace {

using source::HeapAttribute;
using source::RelationKind;

/// Below it a table is read in a moment either way.
constexpr std::uint64_t kWorthwhileBytes = std::uint64_t{4} << 20;
/// Each value outside of the heap is asked from the server, which is slower than to ask for all rows at once.
constexpr std::uint64_t kToastShare = 8;

std::string quoted(const std::string& column) {
  return "column " + column;
}

/// What of the columns speaks against it; sets their heap types.
std::string plan_columns_of(const types::TypeCatalog& catalog, TableJob& job) {
  for (ColumnJob& column : job.columns) {
    if (column.is_side_text) {
      return quoted(column.source) + " has its text beside it";
    }
    column.heap_type = types::find_heap_type(catalog, column.type);
    if (!column.heap_type || !types::has_own_wire_format(column.mapping)) {
      return quoted(column.source) + " is of a type that is only read as it is sent";
    }
  }
  return {};
}

/// How `attribute` lies in the tuples of a heap whose rows fill the columns of `job`.
/// @return false when what older tuples lack cannot be put in
bool add_attribute(const TableJob& job, const HeapAttribute& attribute, decode::TupleLayout& layout) {
  decode::TupleAttribute tuple_attribute;
  tuple_attribute.length = attribute.length;
  tuple_attribute.alignment = types::alignment_of(attribute.alignment);
  const auto column = std::ranges::find_if(job.columns, [&](const ColumnJob& c) { return c.source == attribute.name; });
  if (!attribute.name.empty() && column != job.columns.end()) {
    tuple_attribute.column = static_cast<std::size_t>(column - job.columns.begin());
    if (attribute.missing) {
      tuple_attribute.missing.resize(decode::kReadableFront);
      if (!decode::append_as_heap(*column->heap_type, *attribute.missing, tuple_attribute.missing)) {
        return false;
      }
    }
  }
  layout.push_back(std::move(tuple_attribute));
  return true;
}

std::string plan_heap(const source::Heap& heap, const TableJob& job, decode::TupleLayout& layout) {
  if (!heap.refusal.empty()) {
    return heap.refusal;
  }
  for (const HeapAttribute& attribute : heap.attributes) {
    if (!attribute.is_stored) {
      return quoted(attribute.name) + " is computed when it is read";
    }
    if (!add_attribute(job, attribute, layout)) {
      return quoted(attribute.name) + " has a default that older rows do not hold";
    }
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

/// Whether only the rows since the cursor's last value will be asked for.
bool continues(const PlanInputs& inputs, const source::CatalogTable& table, const config::Disposition& disposition) {
  const auto known = inputs.target.cursors.find(target_name_of(table.name, inputs.options));
  return disposition.mode != config::Mode::kReplace && !disposition.cursor.empty() && disposition.end.empty() &&
         !inputs.options.full && known != inputs.target.cursors.end() && !known->second.value.empty();
}

std::string refusal_by_shape(const PlanInputs& inputs, const TableJob& job) {
  if (job.table.kind != RelationKind::kTable && job.table.kind != RelationKind::kPartitioned) {
    return "only tables have pages";
  }
  if (inputs.options.limit) {
    return "the copy is limited";
  }
  if (!job.condition.empty()) {
    return "Postgres chooses the rows";
  }
  if (job.columns.empty()) {
    return "it has no columns";
  }
  if (job.leaves_columns_out && job.settings.read == config::ReadMethod::kAuto) {
    return "a column that is left out would leave the server with its pages";
  }
  for (const source::Leaf& leaf : job.table.leaves) {
    if (leaf.kind != RelationKind::kTable || !leaf.has_select) {
      return "a part of it can only be read by query";
    }
  }
  const TableBytes bytes = bytes_of(job.table);
  if (job.settings.read == config::ReadMethod::kAuto && bytes.heap < kWorthwhileBytes) {
    return "it is small";
  }
  return bytes.toast * kToastShare > bytes.heap ? "much of it lies outside of its pages" : "";
}

}  // namespace

bool could_read_pages(const PlanInputs& inputs, const source::CatalogTable& table) {
  const config::TableSettings settings = config::settings_for(inputs.options, table.name);
  if (settings.read == config::ReadMethod::kPages) {
    return true;
  }
  return settings.read == config::ReadMethod::kAuto && !inputs.options.limit &&
         bytes_of(table).heap >= kWorthwhileBytes && !continues(inputs, table, settings.disposition);
}

std::string plan_pages(const PlanInputs& inputs, TableJob& job) {
  using config::ReadMethod;
  if (job.settings.read != ReadMethod::kAuto && job.settings.read != ReadMethod::kPages) {
    return "not asked for";
  }
  if (std::string why = refusal_by_shape(inputs, job); !why.empty()) {
    return why;
  }
  if (inputs.page_access.by == source::PageAccess::By::kNobody) {
    return inputs.page_access.refusal.empty() ? "the server was not asked" : inputs.page_access.refusal;
  }
  if (std::string why = plan_columns_of(inputs.catalog.types, job); !why.empty()) {
    return why;
  }
  source::PageSource pages{.access = inputs.page_access, .snapshot = inputs.snapshot_bounds, .layouts = {}};
  for (const source::Leaf& leaf : job.table.leaves) {
    const auto heap = inputs.heaps.find(leaf.oid);
    if (heap == inputs.heaps.end()) {
      return "its attributes are not known";
    }
    if (std::string why = plan_heap(heap->second, job, pages.layouts[leaf.oid]); !why.empty()) {
      return why;
    }
  }
  job.pages = std::move(pages);
  return {};
}

}  // namespace pg2duck::sync
