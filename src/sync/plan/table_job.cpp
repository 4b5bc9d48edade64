#include "sync/plan/table_job.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sync/plan/rule_check.hpp"

namespace pg2duck::sync {
namespace {

/// @error Error(kConfig): Postgres refuses what the user wrote himself
void check_fault(const std::optional<Error>& fault) {
  if (fault) {
    throw config_error(fault->message(),
                       "look at --column and --where for this table; names in a condition need their schema, "
                       "the search path is empty")
        .set_sqlstate(fault->sqlstate());
  }
}

/// @error Error(kConfig): columns of the copy hold values that have no way into the types of the source's columns
void check_misfits(const TableDraft& draft, const std::vector<TypeDoubt>& misfits) {
  if (misfits.empty()) {
    return;
  }
  std::vector<std::string> texts;
  for (const TypeDoubt& misfit : misfits) {
    texts.push_back(fmt::format("{}: {}, was {}", misfit.shown, misfit.type.sql(), misfit.was));
  }
  throw config_error(fmt::format("types have changed: {}", fmt::join(texts, "; ")),
                     full_refresh_hint(draft.table.name, draft.target, draft.increment->has_versions()));
}

/// Where the cursor stands, and whether the table can be read.
CursorPosition check_answers(const TableDraft& draft, const TableFacts& facts) {
  CursorPosition position = draft.cursor ? cursor_position(draft, facts.cursor) : CursorPosition();
  check_fault(facts.fault);
  check_misfits(draft, facts.misfits);
  return position;
}

/// How the rows of a cursor are read: through an index that finds them, or by looking at all rows.
ReadPlan read_with_index(const TableInputs& inputs, const TableDraft& draft, const IndexFacts& facts) {
  const bool found_by_index = may_use_index(draft.table, draft.cursor) && !draft.read.rows.whole && !facts.scans_all;
  return found_by_index ? read_by_index(draft.read, inputs, *draft.increment, *draft.cursor) : draft.read;
}

/// What a table lacks whose cursor has Postgres look at all rows; empty: nothing worth a word.
std::string note_index(const TableDraft& draft, const IndexFacts& facts) {
  const bool scans = draft.read.rows.whole || facts.scans_all;
  return may_use_index(draft.table, draft.cursor) && scans && !facts.has_index && is_worth_an_index(draft.table)
             ? missing_index(draft.table, *draft.cursor)
             : "";
}

void append(std::vector<std::string>& warnings, const std::string& warning) {
  if (!warning.empty()) {
    warnings.push_back(warning);
  }
}

/// "; merge by id, updated_at from 2025-01-01"; empty for a table that is replaced.
std::string describe_increment(const TableJob& job) {
  if (!job.write.change) {
    return "";
  }
  const Increment& increment = job.write.change->increment;
  const config::Disposition& disposition = job.settings.disposition;
  if (increment.initial_load) {
    return fmt::format("; the initial load, then {}", config::to_string(disposition.mode));
  }
  std::string text = fmt::format("; {}", config::to_string(disposition.mode));
  if (!increment.key.empty()) {
    text += fmt::format(" by {}", fmt::join(increment.key, ", "));
  }
  if (job.cursor && !job.cursor->watermark.empty()) {
    text += fmt::format(", {} from {}", job.cursor->column, job.cursor->watermark);
  }
  if (!disposition.end.empty()) {
    text += fmt::format(" to {}", disposition.end);
  }
  if (job.cursor && !job.cursor->new_parts.empty()) {
    text += fmt::format(", all of {}", fmt::join(job.cursor->new_parts, ", "));
  }
  return text + (increment.reconcile ? "; keys of all rows are compared" : "");
}

}  // namespace

std::vector<TableDraft> draft_tables(const PlanInputs& inputs,
                                     const std::map<std::size_t, ExpressionFacts>& expressions) {
  std::vector<TableDraft> drafts;
  drafts.reserve(inputs.selection.size());
  for (std::size_t i = 0; i < inputs.selection.size(); ++i) {
    const auto known = expressions.find(i);
    drafts.push_back(draft_table(inputs, i, known == expressions.end() ? ExpressionFacts() : known->second));
  }
  // A table that is refused was not planned to its end, and has the more important error.
  if (std::ranges::none_of(drafts, [](const TableDraft& draft) { return draft.refusal.has_value(); })) {
    check_rules(inputs);
  }
  std::ranges::stable_sort(
      drafts, [](const TableDraft& a, const TableDraft& b) { return bytes_of(a.table) > bytes_of(b.table); });
  return drafts;
}

TableJob finish_table(const PlanInputs& inputs, TableDraft draft, const TableFacts& facts, std::size_t number) {
  const TableInputs of_table = inputs_of(inputs, draft.index);
  TableJob job{.warnings = draft.warnings, .refusal = draft.refusal};
  CursorPosition position;
  if (!job.refusal) {
    try {
      position = check_answers(draft, facts);
      append(job.warnings, position.warning);
      append(job.warnings, note_index(draft, facts.index));
    } catch (Error& error) {
      job.refusal = error.add_context("table " + draft.table.name.display());
    }
  }
  job.keys = plan_keys(draft.columns, draft.read.rows, draft.increment, draft.cursor);
  job.write = plan_writing(of_table, draft, position, number);
  job.read = job.refusal ? draft.read : read_with_index(of_table, draft, facts.index);
  job.columns = with_compression(inputs, std::move(draft.columns), draft.table.estimated_rows,
                                 job.refusal ? std::nullopt : facts.compression);
  job.table = std::move(draft.table);
  job.settings = std::move(draft.settings);
  job.cursor = std::move(draft.cursor);
  job.schema_changes = std::move(draft.schema_changes);
  return job;
}

TablePlan describe(const TableJob& job) {
  TablePlan plan{.source = job.table.name,
                 .target = job.write.table,
                 .kind = std::string(to_string(job.table.kind)),
                 .columns = {},
                 .bytes = bytes_of(job.table),
                 .estimated_rows = job.table.estimated_rows,
                 .warnings = job.warnings,
                 .schema_changes = job.schema_changes};
  for (const PlannedColumn& column : selected(job.columns)) {
    plan.columns.push_back(describe(column));
  }
  // Else it is refused, and was not planned that far.
  if (!job.read.ranges.empty()) {
    plan.ranges = job.read.ranges.size();
    plan.read = describe(job.read) + describe_increment(job);
  }
  return plan;
}

}  // namespace pg2duck::sync
