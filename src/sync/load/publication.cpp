#include "sync/load/publication.hpp"

#include <algorithm>

#include "destination/ledger/cursor_state.hpp"
#include "destination/publish/change.hpp"
#include "sync/plan/table_change.hpp"

namespace pg2duck::sync {
namespace {

std::vector<destination::ColumnState> column_states(const TableJob& job, const TableReport& report) {
  std::vector<destination::ColumnState> states;
  for (std::size_t i = 0; i < job.columns.size(); ++i) {
    const ColumnPlan& plan = job.plan.columns[i];
    destination::ColumnState& state =
        states.emplace_back(destination::ColumnState{.name = plan.name,
                                                     .source_type = plan.source_type,
                                                     .target_type = plan.target_type,
                                                     .profile = types::to_text(job.columns[i].choice.profile),
                                                     .unrepresentable = report.columns[i].unrepresentable});
    state.expression = plan.expression;
    if (!job.columns[i].is_side_text) {
      const auto column = std::ranges::find(job.table.columns, job.columns[i].source, &source::CatalogColumn::name);
      state.number = column->number;
      state.source_name = column->name;
      state.not_null = column->not_null;
    }
  }
  if (job.increment && job.increment->kind == destination::ChangeKind::kVersions) {
    for (const std::string& name : {job.increment->validity.from, job.increment->validity.to}) {
      states.push_back({.name = name, .target_type = types::DuckType{.id = types::DuckTypeId::kTimestampTz}.sql()});
    }
  }
  return states;
}

// Whether the ledger says all of it already, so that nothing of it has to be written again.

bool has_same_table(const destination::TableState& known, const destination::TableState& fresh) {
  return known.source == fresh.source && known.limited == fresh.limited && known.origin == fresh.origin;
}

bool has_same_columns(const destination::TableState& known, const destination::TableState& fresh) {
  return known.oid == fresh.oid && std::ranges::is_permutation(known.columns, fresh.columns);
}

}  // namespace

destination::Publication publication_of(const std::vector<TableJob>& plan, const TargetState& target,
                                        const std::string& source, const std::string& taken_at,
                                        std::vector<TableReport>& reports) {
  destination::Publication publication;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    TableReport& report = reports[i];
    const TableJob& job = plan[i];
    if (report.status != TableStatus::kNotPublished) {
      continue;
    }
    report.status = TableStatus::kPublished;
    if (job.change) {
      publication.changes.push_back(*job.change);
    } else {
      publication.tables.push_back({.staged = job.staged, .shape = job.shape});
    }
    if (auto state = cursor_state_of(job, taken_at)) {
      publication.cursors.push_back(*std::move(state));
    }
    destination::TableState& state =
        publication.states.emplace_back(destination::TableState{.source = job.table.name,
                                                                .target = job.shape.name,
                                                                .limited = report.limited,
                                                                .oid = job.table.oid,
                                                                .origin = source,
                                                                .columns = column_states(job, report)});
    const auto known = target.tables.find(job.shape.name);
    if (known != target.tables.end()) {
      // The row of a table that was made anew names the run that made it.
      state.same_table = job.change && has_same_table(known->second, state);
      state.same_columns = has_same_columns(known->second, state);
    }
  }
  return publication;
}

}  // namespace pg2duck::sync
