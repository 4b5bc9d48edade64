#include "sync/load/publication.hpp"

#include <algorithm>

namespace pg2duck::sync {
namespace {

using destination::ColumnState;

ColumnState column_state(const PlannedColumn& column, const LoadedTable& loaded, std::uint64_t unrepresentable) {
  const auto held = loaded.held_types.find(column.shape.name);
  ColumnState state{.name = column.shape.name,
                    .source_type = column.source.type_display,
                    .target_type = held == loaded.held_types.end() ? column.target_type() : held->second,
                    .profile = types::to_text(column.choice.profile),
                    .unrepresentable = unrepresentable};
  state.expression = column.shape.expression;
  if (column.role == ColumnRole::kValue) {
    state.number = column.source.number;
    state.source_name = column.source.name;
    state.not_null = column.source.not_null;
    state.value_origin = column.value_origin;
  }
  return state;
}

std::vector<ColumnState> column_states(const TableJob& job, const LoadedTable& loaded, const TableReport& report) {
  std::vector<ColumnState> states;
  for (const PlannedColumn& column : selected(loaded.columns)) {
    states.push_back(column_state(column, loaded, report.columns[states.size()].unrepresentable));
  }
  if (job.write.change && job.write.change->increment.has_versions()) {
    const destination::ValidityColumns& validity = job.write.change->increment.validity;
    for (const std::string& name : {validity.from, validity.to}) {
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

destination::TableState state_of(const TableJob& job, const LoadedTable& loaded, const TargetState& target,
                                 const TableReport& report) {
  destination::TableState state{.source = job.table.name,
                                .target = job.write.table,
                                .limited = report.limited,
                                .oid = job.table.oid,
                                .origin = target.source,
                                .columns = column_states(job, loaded, report)};
  const auto known = target.tables.find(job.write.table);
  if (known != target.tables.end()) {
    // The row of a table that was made anew names the run that made it.
    state.same_table = loaded.change && has_same_table(known->second, state);
    state.same_columns = has_same_columns(known->second, state);
    state.run_id = loaded.change ? known->second.run_id : "";
  }
  return state;
}

}  // namespace

destination::Publication publication_of(const std::vector<TableJob>& plan, const std::vector<LoadResult>& loaded,
                                        const TargetState& target, std::vector<TableReport>& reports) {
  destination::Publication publication;
  publication.expired_runs = target.expired_runs;
  for (std::size_t i = 0; i < plan.size(); ++i) {
    if (!loaded[i].table) {
      continue;
    }
    const LoadedTable& table = *loaded[i].table;
    reports[i].status = TableStatus::kPublished;
    if (table.change) {
      publication.changes.push_back(*table.change);
    } else {
      publication.tables.push_back({.staged = table.staged, .shape = table.shape});
    }
    if (plan[i].write.cursor_state) {
      publication.cursors.push_back(*plan[i].write.cursor_state);
    } else if (target.others.contains(plan[i].write.table.folded())) {
      publication.cursors.push_back({.table = plan[i].write.table});
    }
    publication.states.push_back(state_of(plan[i], table, target, reports[i]));
  }
  return publication;
}

}  // namespace pg2duck::sync
