#include "sync/plan/table_change.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/identifier.hpp"

namespace pg2duck::sync {
namespace {

using config::Mode;
using destination::ChangeKind;

/// @error Error(kConfig): the copy of `job` has, or lacks, the columns of versions
void check_versions(const TableJob& job, const std::vector<std::string>& existing) {
  const config::Disposition& disposition = job.settings.disposition;
  const auto has = [](const auto& names, const std::string& name, auto projection) {
    return std::ranges::any_of(names, [&](const auto& n) { return fold_case(projection(n)) == fold_case(name); });
  };
  const auto there = [&](const std::string& name) { return has(existing, name, std::identity()); };
  const auto read = [&](const std::string& name) {
    return has(job.shape.columns, name, [](const destination::ColumnShape& column) { return column.name; });
  };
  const bool wanted = job.increment->kind == ChangeKind::kVersions;
  const bool found = there(disposition.valid_from) && there(disposition.valid_to) &&
                     (wanted || (!read(disposition.valid_from) && !read(disposition.valid_to)));
  if (wanted == found) {
    return;
  }
  const std::string columns = fmt::format("{} and {}", disposition.valid_from, disposition.valid_to);
  throw wanted ? config_error(fmt::format("its copy holds no versions: it has no columns {}", columns),
                              fmt::format("let a new one begin: DROP TABLE {} in the target", job.shape.name.quoted()))
               : config_error(fmt::format("its copy holds versions (scd2), as its columns {} show", columns),
                              fmt::format("set strategy = \"scd2\", or give them up: DROP TABLE {} in the target",
                                          job.shape.name.quoted()));
}

}  // namespace

destination::TableChange change_of(const TableJob& job) {
  const Increment& increment = *job.increment;
  destination::TableChange change{.kind = increment.kind,
                                  .staged = job.staged,
                                  .shape = job.shape,
                                  .alterations = {},
                                  .renamed = increment.first ? decltype(job.history.renamed){} : job.history.renamed,
                                  .existing = {},
                                  .key = increment.key,
                                  .hard_delete = increment.hard_delete,
                                  .newest_by = increment.newest_by,
                                  .boundary = increment.cursor_target,
                                  .present = increment.present,
                                  .validity = increment.validity};
  const bool all_read =
      increment.whole && (increment.reconcile || (job.settings.disposition.key.empty() && !increment.again));
  change.partial = !all_read;
  if (increment.reconcile && increment.whole && increment.kind != ChangeKind::kVersions) {
    change.present = job.staged;
  }
  return change;
}

void fit_change(TableJob& job, destination::Session& session, destination::TableChange& change) {
  const Increment& increment = *job.increment;
  if (!increment.first) {
    destination::Alterations alterations = alterations_of(job, session);
    check_versions(job, alterations.existing);
    change.alterations = destination::alter_statements(session, job.shape.name, alterations);
    change.existing = std::move(alterations.existing);
  }
  if (change.kind == ChangeKind::kVersions) {
    if (!increment.first && destination::count_later_versions(session, change) > 0) {
      throw config_error("some of its versions begin after this run's snapshot of " + change.validity.at +
                             ": the clock of the source has gone back",
                         "set it right, or run again when it has caught up");
    }
    return;
  }
  if (!increment.key.empty() && increment.newest_by.empty()) {
    if (const auto repeated = destination::count_repeated_keys(session, job.staged, increment.key); repeated > 0) {
      throw config_error(fmt::format("key ({}) is not unique: {} of its values stand in several rows",
                                     fmt::join(increment.key, ", "), repeated),
                         "name more columns in key, or choose one of the rows with newest_by = \"...\"");
    }
  }
}

void check_versions_are_kept(const PlanInputs& inputs, const TableJob& job) {
  const destination::TableState* copy = inputs.target.find_copy(job.shape.name);
  if (copy != nullptr && copy->has_versions() && !(job.increment && job.increment->kind == ChangeKind::kVersions)) {
    throw config_error(
        "its copy holds versions (scd2), which would be lost",
        fmt::format("sync it with mode = \"merge\" and strategy = \"scd2\", leave it out, or give them up: "
                    "DROP TABLE {} in the target",
                    job.shape.name.quoted()));
  }
}

std::optional<destination::CursorState> cursor_state_of(const TableJob& job, const std::string& taken_at) {
  if (!job.increment) {
    return job.cursor_known ? std::optional(destination::CursorState{.table = job.shape.name}) : std::nullopt;
  }
  const Increment& increment = *job.increment;
  const config::Disposition& disposition = job.settings.disposition;
  const bool kept = job.cursor_known || !increment.cursor.empty() || disposition.reconcile_seconds > 0;
  if (!kept) {
    return std::nullopt;
  }
  if (!disposition.end.empty()) {
    if (increment.again) {
      return destination::CursorState{
          .table = job.shape.name, .cursor = increment.cursor, .reconciled_at = increment.reconciled_at};
    }
    // A copy that begins with a part has none of the rows up to a last value that was of another one.
    return increment.first ? std::optional(destination::CursorState{.table = job.shape.name}) : std::nullopt;
  }
  const bool complete = disposition.mode == Mode::kMerge && (increment.first || increment.reconcile);
  return destination::CursorState{.table = job.shape.name,
                                  .cursor = increment.cursor,
                                  .value = increment.next_value,
                                  .reconciled_at = complete ? taken_at : increment.reconciled_at};
}

}  // namespace pg2duck::sync
