#include "sync/load/alteration_plan.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/identifier.hpp"
#include "types/conversion.hpp"

namespace pg2duck::sync {
namespace {

using destination::Alterations;
using destination::ExistingColumn;
using types::Conversion;

using Renames = std::vector<std::pair<std::string, std::string>>;

const ExistingColumn* find_column(const std::vector<ExistingColumn>& columns, const std::string& name) {
  const auto found = std::ranges::find_if(
      columns, [&](const ExistingColumn& column) { return fold_case(column.name) == fold_case(name); });
  return found == columns.end() ? nullptr : &*found;
}

const ColumnHistory& history_of(const TableJob& job) {
  return job.write.change->history;
}

Error cannot_follow(const TableJob& job, const std::string& message) {
  return config_error(message,
                      full_refresh_hint(job.table.name, job.write.table, job.write.change->increment.has_versions()));
}

/// Columns of the copy that get the names that they have at the source: names there, old and new.
Renames renames_of(const TableJob& job, const std::vector<ExistingColumn>& copy) {
  Renames renames;
  for (const auto& [old, fresh] : history_of(job).renamed) {
    if (const ExistingColumn* column = find_column(copy, old); column != nullptr) {
      renames.emplace_back(column->name, fresh);
    }
  }
  return renames;
}

std::vector<ExistingColumn> with_new_names(std::vector<ExistingColumn> copy, const Renames& renames) {
  for (ExistingColumn& column : copy) {
    const auto renamed = std::ranges::find(renames, column.name, &Renames::value_type::first);
    if (renamed != renames.end()) {
      column.name = renamed->second;
    }
  }
  return copy;
}

const std::string& old_name(const Renames& renames, const std::string& name) {
  const auto renamed = std::ranges::find(renames, name, &Renames::value_type::second);
  return renamed == renames.end() ? name : renamed->first;
}

void check_names(const TableJob& job, const std::vector<ExistingColumn>& copy) {
  std::set<std::string> names;
  for (const ExistingColumn& column : copy) {
    if (!names.insert(fold_case(column.name)).second) {
      throw cannot_follow(job, fmt::format("column {} cannot take its new name in the copy, which keeps an older "
                                           "column of that name",
                                           column.name));
    }
  }
}

const ExistingColumn& staged_column(const CopyColumns& existing, const PlannedColumn& column) {
  const ExistingColumn* staged = find_column(existing.staged, column.shape.name);
  if (staged == nullptr) {
    throw Error(ErrorKind::kBug, "a staged table lacks column " + column.shape.name);
  }
  return *staged;
}

/// Fits one column of the copy, by its new name, to that of the staged rows.
/// @return why that cannot be; empty: it can
std::string fit_type(const ExistingColumn& old, const PlannedColumn& column, const std::string& type, bool is_unfit,
                     AlterationPlan& plan) {
  const Conversion how = types::conversion(old.type, type);
  if (how == Conversion::kRefused || (how == Conversion::kTry && is_unfit)) {
    return fmt::format("{}: {}, was {}", old.name, type, old.type);
  }
  if (how == Conversion::kWiden || how == Conversion::kTry) {
    plan.alterations.retyped.emplace_back(old.name, type);
  } else if (how == Conversion::kHold) {
    plan.held_types[column.shape.name] = old.type;
  }
  return {};
}

bool is_new(const TableJob& job, const PlannedColumn& column) {
  return column.role == ColumnRole::kValue &&
         std::ranges::find(history_of(job).added, column.source.name) != history_of(job).added.end();
}

/// Columns that are not read any more are NULL in rows that are added.
void add_kept_columns(const TableJob& job, const std::vector<ExistingColumn>& copy, Alterations& alterations) {
  for (const std::string& name : history_of(job).left) {
    if (const ExistingColumn* old = find_column(copy, name); old != nullptr && old->not_null) {
      alterations.nullable.push_back(old->name);
    }
  }
}

}  // namespace

std::vector<TrialCast> trial_casts(const TableJob& job, const std::vector<PlannedColumn>& columns,
                                   const CopyColumns& existing) {
  const Renames renames = renames_of(job, existing.copy);
  const std::vector<ExistingColumn> copy = with_new_names(existing.copy, renames);
  std::vector<TrialCast> casts;
  for (const PlannedColumn& column : columns) {
    const ExistingColumn* old = find_column(copy, column.shape.name);
    const std::string& type = staged_column(existing, column).type;
    if (old != nullptr && types::conversion(old->type, type) == Conversion::kTry) {
      casts.push_back({.column = old_name(renames, old->name), .type = type});
    }
  }
  return casts;
}

AlterationPlan plan_alterations(const TableJob& job, const std::vector<PlannedColumn>& columns,
                                const CopyColumns& existing, const std::set<std::string>& unfit) {
  AlterationPlan plan;
  plan.alterations.renamed = renames_of(job, existing.copy);
  const std::vector<ExistingColumn> copy = with_new_names(existing.copy, plan.alterations.renamed);
  check_names(job, copy);
  std::ranges::transform(copy, std::back_inserter(plan.alterations.existing), &ExistingColumn::name);
  std::vector<std::string> refused;
  for (const PlannedColumn& column : columns) {
    const ExistingColumn* old = find_column(copy, column.shape.name);
    if (old == nullptr) {
      plan.alterations.added.push_back(column.shape);
      continue;
    }
    if (is_new(job, column)) {
      throw cannot_follow(
          job, fmt::format("column {} is new, and the copy keeps an older one of that name", column.shape.name));
    }
    const bool is_unfit = unfit.contains(old_name(plan.alterations.renamed, old->name));
    if (std::string reason = fit_type(*old, column, staged_column(existing, column).type, is_unfit, plan);
        !reason.empty()) {
      refused.push_back(std::move(reason));
    }
    if (old->not_null && !column.shape.not_null) {
      plan.alterations.nullable.push_back(old->name);
    }
  }
  if (!refused.empty()) {
    throw cannot_follow(job, fmt::format("types have changed: {}", fmt::join(refused, "; ")));
  }
  add_kept_columns(job, copy, plan.alterations);
  return plan;
}

}  // namespace pg2duck::sync
