#include "sync/load/learnt_types.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "sync/plan/schema_change.hpp"
#include "types/change/type_text.hpp"

namespace pg2duck::sync {
namespace {

/// What a column of the copy has been, and is to be.
struct Step {
  types::TypeText was;
  types::TypeText now;
};

std::optional<Step> step_of(const PlannedColumn& column, const FittedChange* fitted) {
  if (column.known_type.empty()) {
    return std::nullopt;
  }
  if (fitted == nullptr) {
    Step step{.was = types::parse_type(column.known_type), .now = types::parse_type(column.target_type())};
    return step.was == step.now ? std::nullopt : std::optional(std::move(step));
  }
  const auto found = std::ranges::find(fitted->retyped, column.shape.name, &destination::RetypedColumn::name);
  return found == fitted->retyped.end() ? std::nullopt
                                        : std::optional(Step{.was = found->change.from, .now = found->change.to});
}

}  // namespace

std::vector<SchemaChange> learnt_changes(const std::vector<PlannedColumn>& columns, const FittedChange* fitted,
                                         const destination::Capabilities& supports) {
  std::vector<SchemaChange> changes;
  for (const PlannedColumn& column : columns) {
    const std::optional<Step> step = step_of(column, fitted);
    if (!step) {
      continue;
    }
    const bool rewrites = fitted != nullptr && !destination::can_alter(supports, step->was, step->now);
    changes.push_back({.kind = SchemaChange::Kind::kLearnt,
                       .column = column.source.name,
                       .was = step->was.sql(),
                       .now = step->now.sql(),
                       .effect = rewrites ? kRewritten : ""});
  }
  return changes;
}

void check_learnt(const TableJob& job, const std::vector<SchemaChange>& changes) {
  if (job.settings.on_schema_change == config::OnSchemaChange::kFail && !changes.empty()) {
    throw schema_drift(changes);
  }
}

}  // namespace pg2duck::sync
