#include "sync/plan/write_plan.hpp"

#include <utility>

namespace pg2duck::sync {
namespace {

using config::Disposition;
using destination::CursorState;

ChangePlan plan_change(const TableDraft& draft) {
  const Increment& increment = *draft.increment;
  const bool all_read =
      draft.read.rows.whole && (increment.reconcile || (draft.settings.disposition.key.empty() && !increment.reread));
  const bool by_cursor = draft.cursor && increment.kind == destination::ChangeKind::kAppend;
  return {.increment = increment,
          .boundary = by_cursor ? draft.cursor->target : "",
          .partial = !all_read,
          .history = draft.history};
}

/// Of a run that reads a part, wherever the watermark is.
std::optional<CursorState> after_backfill(const TableDraft& draft, const std::string& reconciled_at) {
  const Increment& increment = *draft.increment;
  if (increment.reread) {
    return CursorState{.table = draft.target, .cursor = draft.cursor->column, .reconciled_at = reconciled_at};
  }
  // A copy that begins with a part has none of the rows up to a watermark that was of another one.
  return increment.initial_load ? std::optional(CursorState{.table = draft.target}) : std::nullopt;
}

/// What the ledger is to keep of the cursor; nothing: what it has.
std::optional<CursorState> cursor_state_of(const TableInputs& inputs, const TableDraft& draft,
                                           const CursorPosition& position) {
  const CursorState* known = inputs.cursor;
  if (!draft.increment) {
    return known != nullptr ? std::optional(CursorState{.table = draft.target}) : std::nullopt;
  }
  const Disposition& disposition = draft.settings.disposition;
  if (known == nullptr && !draft.cursor && disposition.reconcile_seconds == 0) {
    return std::nullopt;
  }
  const std::string reconciled_at = known != nullptr ? known->reconciled_at : "";
  if (!disposition.end.empty()) {
    return after_backfill(draft, reconciled_at);
  }
  const bool complete =
      disposition.mode == config::Mode::kMerge && (draft.increment->initial_load || draft.increment->reconcile);
  return CursorState{.table = draft.target,
                     .cursor = disposition.cursor,
                     .value = position.watermark,
                     .reconciled_at = complete ? inputs.run.taken_at : reconciled_at,
                     .parts = parts_of(draft.table)};
}

/// Nothing where there is no copy of the whole table to hold it against.
std::optional<std::uint64_t> max_shrink_of(const TableInputs& inputs) {
  const config::CopyOptions& options = inputs.run.options;
  const bool whole = inputs.copy != nullptr && !inputs.copy->limited && !options.limit;
  return whole && !options.force ? inputs.settings.max_shrink : std::nullopt;
}

}  // namespace

WritePlan plan_writing(const TableInputs& inputs, const TableDraft& draft, const CursorPosition& position,
                       std::size_t number) {
  return {.table = draft.target,
          .staged = {draft.target.schema, inputs.run.staged_prefix + std::to_string(number)},
          .comment = draft.table.comment,
          .primary_key = draft.primary_key,
          .partition_by = draft.settings.partition_by,
          .change = draft.increment ? std::optional(plan_change(draft)) : std::nullopt,
          .max_shrink = max_shrink_of(inputs),
          .cursor_state = cursor_state_of(inputs, draft, position)};
}

destination::TableShape shape_of(const WritePlan& plan, const std::vector<PlannedColumn>& columns) {
  return {.name = plan.table,
          .columns = shapes_of(columns),
          .primary_key = plan.primary_key,
          .comment = plan.comment,
          .partition_by = plan.partition_by};
}

}  // namespace pg2duck::sync
