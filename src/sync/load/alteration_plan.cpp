#include "sync/load/alteration_plan.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/identifier.hpp"
#include "types/change/conversion.hpp"

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

/// Finds a type that one column of the copy, by its new name, shares with that of the staged rows.
class TypeFit {
 public:
  TypeFit(const ExistingColumn& old, std::string in_copy, const PlannedColumn& column, const ExistingColumn& staged)
      : old_(old),
        in_copy_(std::move(in_copy)),
        column_(column),
        staged_(staged),
        from_(types::parse_type(old.type)),
        to_(types::parse_type(staged.type)),
        digits_(column.learns() ? types::Digits::kLearnt : types::Digits::kAsDeclared) {}

  /// @return why there is none; empty: the plan has it
  std::string add_to(AlterationPlan& plan, const CopyQuestions& ask) const {
    if (from_ == to_) {
      return {};
    }
    const std::vector<types::TypeText> types = types::candidates(from_, to_, digits_);
    // A column without values has no type that anybody could miss.
    const bool holds = types::conversion(to_, from_, digits_) <= Conversion::kCast;
    if (types.front() != to_ && !holds && !ask.has_values(in_copy_)) {
      take(to_, plan);
      return {};
    }
    for (const types::TypeText& type : types) {
      if (fits(ask, false, in_copy_, from_, type) && fits(ask, true, staged_.name, to_, type)) {
        take(type, plan);
        return {};
      }
    }
    return fmt::format("{}: {}, was {}", old_.name, staged_.type, old_.type);
  }

 private:
  [[nodiscard]] bool fits(const CopyQuestions& ask, bool staged, const std::string& column, const types::TypeText& from,
                          const types::TypeText& to) const {
    return types::conversion(from, to, digits_) <= Conversion::kCast ||
           ask.all_fit(staged, column, {.from = from, .to = to, .digits = digits_});
  }

  void take(const types::TypeText& type, AlterationPlan& plan) const {
    if (type != from_) {
      plan.alterations.retyped.push_back({.name = old_.name, .change = {.from = from_, .to = type, .digits = digits_}});
    }
    if (type != to_) {
      plan.held_types[column_.shape.name] = type.sql();
    }
  }

  const ExistingColumn& old_;
  std::string in_copy_;
  const PlannedColumn& column_;
  const ExistingColumn& staged_;
  types::TypeText from_, to_;
  types::Digits digits_;
};

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

AlterationPlan plan_alterations(const TableJob& job, const std::vector<PlannedColumn>& columns,
                                const CopyColumns& existing, const CopyQuestions& ask) {
  AlterationPlan plan;
  plan.alterations.renamed = renames_of(job, existing.copy);
  const std::vector<ExistingColumn> copy = with_new_names(existing.copy, plan.alterations.renamed);
  check_names(job, copy);
  plan.alterations.existing = copy;
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
    const TypeFit fit(*old, old_name(plan.alterations.renamed, old->name), column, staged_column(existing, column));
    if (std::string reason = fit.add_to(plan, ask); !reason.empty()) {
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
