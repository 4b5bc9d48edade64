#include "sync/load/table_change.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/identifier.hpp"
#include "sync/load/alteration_plan.hpp"
#include "types/change/conversion.hpp"

namespace pg2duck::sync {
namespace {

using destination::ChangeKind;
using destination::TableChange;

/// Digits, as the names of all staged tables end: a copy that is written anew, for the length of a transaction.
constexpr const char* kPassing = "_1";

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::any_of(names, [&](const std::string& other) { return fold_case(other) == fold_case(name); });
}

/// @error Error(kConfig): the copy, which has these columns, has or lacks those of versions
void check_versions(const TableJob& job, const std::vector<PlannedColumn>& columns,
                    const std::vector<destination::ExistingColumn>& copy) {
  std::vector<std::string> existing;
  std::ranges::transform(copy, std::back_inserter(existing), &destination::ExistingColumn::name);
  const std::string& from = job.settings.disposition.valid_from;
  const std::string& to = job.settings.disposition.valid_to;
  std::vector<std::string> read;
  std::ranges::transform(columns, std::back_inserter(read), [](const PlannedColumn& c) { return c.shape.name; });
  const bool wanted = job.write.change->increment.has_versions();
  const bool found =
      contains(existing, from) && contains(existing, to) && (wanted || (!contains(read, from) && !contains(read, to)));
  if (wanted == found) {
    return;
  }
  const std::string names = fmt::format("{} and {}", from, to);
  const std::string table = job.write.table.quoted();
  throw wanted
      ? config_error(fmt::format("its copy holds no versions: it has no columns {}", names),
                     fmt::format("let a new one begin: DROP TABLE {} in the target", table))
      : config_error(fmt::format("its copy holds versions (scd2), as its columns {} show", names),
                     fmt::format("set strategy = \"scd2\", or give them up: DROP TABLE {} in the target", table));
}

AlterationPlan ask_alterations(const TableJob& job, const std::vector<PlannedColumn>& columns,
                               const StagedTables& staged, destination::Session& session) {
  const CopyColumns existing{.copy = destination::existing_columns(session, job.write.table),
                             .staged = destination::existing_columns(session, staged.rows)};
  const CopyQuestions ask{
      .has_values =
          [&](const std::string& column) { return destination::has_values(session, job.write.table, column); },
      .all_fit =
          [&](bool in_staged, const std::string& column, const destination::TypeChange& change) {
            return destination::all_fit(session, in_staged ? staged.rows : job.write.table, column, change);
          }};
  return plan_alterations(job, columns, existing, ask);
}

void check_clock(const TableChange& change, destination::Session& session) {
  if (destination::count_later_versions(session, change) > 0) {
    throw config_error("some of its versions begin after this run's snapshot of " + change.validity.at +
                           ": the clock of the source has gone back",
                       "set it right, or run again when it has caught up");
  }
}

void check_keys(const TableChange& change, destination::Session& session) {
  if (change.key.empty() || !change.newest_by.empty()) {
    return;
  }
  if (const auto repeated = destination::count_repeated_keys(session, change); repeated > 0) {
    throw config_error(fmt::format("key ({}) is not unique: {} of its values stand in several rows",
                                   fmt::join(change.key, ", "), repeated),
                       "name more columns in key, or choose one of the rows with newest_by = \"...\"");
  }
}

}  // namespace

bool FittedChange::writes_numbers() const {
  return std::ranges::any_of(retyped, [](const destination::RetypedColumn& column) {
    return types::writes_numbers(column.change.from, column.change.to);
  });
}

TableChange change_of(const TableJob& job, const std::vector<PlannedColumn>& columns, const StagedTables& staged,
                      const types::TypeCatalog& types) {
  const ChangePlan& plan = *job.write.change;
  const Increment& increment = plan.increment;
  TableChange change{.kind = increment.kind,
                     .staged = staged.rows,
                     .shape = shape_of(job.write, columns),
                     .alterations = {},
                     .renamed = {},
                     .existing = {},
                     .key = increment.key,
                     .forms = key_forms(columns, increment.key, types),
                     .hard_delete = increment.hard_delete,
                     .newest_by = increment.newest_by,
                     .boundary = plan.boundary,
                     .present = staged.keys.value_or(TableName()),
                     .validity = increment.validity,
                     .partial = plan.partial};
  if (!increment.initial_load) {
    change.renamed = plan.history.renamed;
  }
  if (increment.reconcile && job.read.rows.whole && !increment.has_versions()) {
    change.present = staged.rows;
  }
  return change;
}

FittedChange fit_change(const TableJob& job, const std::vector<PlannedColumn>& columns, const StagedTables& staged,
                        const types::TypeCatalog& types, destination::Session& session) {
  FittedChange fitted{.change = change_of(job, columns, staged, types), .held_types = {}, .retyped = {}};
  TableChange& change = fitted.change;
  if (job.write.changes_copy()) {
    AlterationPlan plan = ask_alterations(job, columns, staged, session);
    check_versions(job, columns, plan.alterations.existing);
    change.alterations = destination::alter_statements(
        session, change.shape, {staged.rows.schema, staged.rows.name + kPassing}, plan.alterations);
    std::ranges::transform(plan.alterations.existing, std::back_inserter(change.existing),
                           &destination::ExistingColumn::name);
    fitted.held_types = std::move(plan.held_types);
    fitted.retyped = std::move(plan.alterations.retyped);
  }
  if (change.kind != ChangeKind::kVersions) {
    check_keys(change, session);
  } else if (job.write.changes_copy()) {
    check_clock(change, session);
  }
  return fitted;
}

}  // namespace pg2duck::sync
