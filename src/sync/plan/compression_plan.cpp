#include "sync/plan/compression_plan.hpp"

namespace pg2duck::sync {
namespace {

template <typename Value>
std::optional<Value> find(const std::map<std::string, Value>& values, const std::string& name) {
  const auto found = values.find(name);
  return found == values.end() ? std::nullopt : std::optional(found->second);
}

/// Not where nothing is known of the values: the type of an adaptive column is not decided yet, a side text is NULL
/// nearly everywhere, and an expression gives anything.
bool has_choice(const PlannedColumn& column) {
  return column.role == ColumnRole::kValue && !column.is_adaptive() && !column.is_transformed();
}

}  // namespace

bool wants_compression_facts(const PlanInputs& inputs, const TableDraft& draft) {
  // The statistics are of whole tables.
  return inputs.supports.compression && inputs.options.compression == config::Compression::kAuto &&
         !inputs.options.limit && !draft.refusal && (!draft.increment || draft.increment->initial_load);
}

std::vector<PlannedColumn> with_compression(const PlanInputs& inputs, std::vector<PlannedColumn> columns, double rows,
                                            const std::optional<CompressionFacts>& facts) {
  const bool fastest = inputs.options.compression == config::Compression::kFast && inputs.supports.compression;
  for (PlannedColumn& column : columns) {
    if (!has_choice(column)) {
      continue;
    }
    if (fastest) {
      column.shape.compression = types::fastest_compression(column.shape.type);
    } else if (facts) {
      column.shape.compression = types::choose_compression(
          column.shape.type, rows, find(facts->statistics, column.source.name), find(facts->stored, column.shape.name));
    }
  }
  return columns;
}

}  // namespace pg2duck::sync
