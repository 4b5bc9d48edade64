#include "sync/plan/column_plan.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <ranges>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/identifier.hpp"
#include "destination/tables/transformation.hpp"
#include "sync/plan/plan.hpp"
#include "types/read_expression.hpp"

namespace pg2duck::sync {
namespace {

using config::ColumnRule;
using config::Unrepresentable;
using source::CatalogColumn;

constexpr const char* kSideSuffix = "__text";

/// All that the rules say of one column.
struct Wishes {
  bool exclude = false;
  std::string name;
  std::optional<types::ChosenType> as;
  bool as_by_pattern = false;
  Unrepresentable unrepresentable = Unrepresentable::kError;
  std::string expression;
};

Wishes wishes_for(const PlanInputs& inputs, const TableName& table, const CatalogColumn& column,
                  std::set<std::size_t>& used) {
  Wishes wishes;
  wishes.name = column.name;
  wishes.unrepresentable = inputs.options.unrepresentable;
  for (std::size_t i = 0; i < inputs.options.columns.size(); ++i) {
    const ColumnRule& rule = inputs.options.columns[i];
    if (!rule.matches(table, column.name)) {
      continue;
    }
    used.insert(i);
    const bool include = !rule.exclude && !rule.rename && !rule.as && !rule.unrepresentable;
    wishes.exclude = rule.exclude || (wishes.exclude && !include);
    wishes.name = rule.rename.value_or(wishes.name);
    if (rule.as) {
      wishes.as = rule.as;
      wishes.as_by_pattern = !rule.is_exact();
    }
    wishes.unrepresentable = rule.unrepresentable.value_or(wishes.unrepresentable);
    wishes.expression = rule.expression.value_or(wishes.expression);
  }
  return wishes;
}

types::MappingChoice choice_for(const PlanInputs& inputs, const TableJob& job, const CatalogColumn& column,
                                const Wishes& wishes) {
  types::MappingChoice choice;
  choice.numeric = job.settings.numeric;
  choice.as = wishes.as;
  if (choice.as && choice.as->kind == types::ChosenType::Kind::kAuto) {
    choice.numeric = {};
  }
  choice.dimensions = column.dimensions;
  choice.finite = wishes.unrepresentable != Unrepresentable::kError;
  const auto state = inputs.target.tables.find(job.shape.name);
  if (state != inputs.target.tables.end()) {
    const std::vector<destination::ColumnState>& columns = state->second.columns;
    const auto known = std::ranges::find(columns, wishes.name, &destination::ColumnState::name);
    if (known != columns.end() && !known->profile.empty()) {
      choice.profile = types::parse_profile(known->profile);
    }
  }
  return choice;
}

/// A rule that speaks of many columns is about those of them that it can be about.
types::Mapping map_as_wished(const types::TypeCatalog& catalog, const CatalogColumn& column, const Wishes& wishes,
                             types::MappingChoice& choice) {
  try {
    return types::map_type(catalog, column.type, column.typmod, choice);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kConfig || !wishes.as_by_pattern) {
      throw;
    }
  }
  choice.as.reset();
  return types::map_type(catalog, column.type, column.typmod, choice);
}

void add_column(TableJob& job, ColumnJob column, const std::string& name, bool not_null, const std::string& comment,
                const std::string& source_type) {
  job.shape.columns.push_back({.name = name, .type = column.mapping.target, .not_null = not_null, .comment = comment});
  job.plan.columns.push_back({.name = name,
                              .source_type = source_type,
                              .target_type = column.mapping.target.sql(),
                              .note = column.mapping.note});
  job.columns.push_back(std::move(column));
}

void add_side_text(TableJob& job, const std::string& name, const std::string& source_type) {
  const ColumnJob& main = job.columns.back();
  ColumnJob side;
  side.source = main.source;
  side.is_side_text = true;
  side.expression = types::side_text_expression(main.mapping, quote_identifier(main.source), main.text);
  side.text = main.text;
  side.mapping.note = "the text of what " + name + " cannot hold";
  add_column(job, std::move(side), name + kSideSuffix, false, "", source_type);
}

void plan_column(const PlanInputs& inputs, TableJob& job, const CatalogColumn& column, const Wishes& wishes) {
  const types::TypeCatalog& catalog = inputs.catalog.types;
  ColumnJob planned;
  planned.source = column.name;
  planned.type = column.type;
  planned.typmod = column.typmod;
  planned.choice = choice_for(inputs, job, column, wishes);
  planned.mapping = map_as_wished(catalog, column, wishes, planned.choice);
  const std::string quoted = quote_identifier(column.name);
  planned.expression = types::read_expression(planned.mapping, quoted);
  planned.text = types::text_expression(catalog.at(column.type).output_function, quoted);
  const bool tolerant =
      wishes.unrepresentable != Unrepresentable::kError && types::may_be_unrepresentable(planned.mapping);
  planned.policy = tolerant ? wishes.unrepresentable : Unrepresentable::kError;
  planned.transformed = !wishes.expression.empty();
  if (planned.transformed && wishes.unrepresentable == Unrepresentable::kText) {
    throw Error(ErrorKind::kConfig, "the text of a value would stand beside what its expression makes of it")
        .set_hint("set unrepresentable = \"null\" or \"error\" for this column");
  }
  // What cannot be held becomes NULL, whatever Postgres promises, and so may what an expression gives.
  const bool not_null = column.not_null && !tolerant && !planned.transformed;
  add_column(job, std::move(planned), wishes.name, not_null, column.comment, column.type_display);
  job.shape.columns.back().read_name = column.name;
  job.shape.columns.back().expression = wishes.expression;
  job.plan.columns.back().expression = wishes.expression;
  if (tolerant && wishes.unrepresentable == Unrepresentable::kText) {
    add_side_text(job, wishes.name, column.type_display);
  }
}

/// Lets the copy have the columns that it has, under the names that they have there.
void ignore_changes(const PlanInputs& inputs, TableJob& job, const CatalogColumn& column, Wishes& wishes) {
  const destination::TableState* known = known_columns(inputs, job);
  if (known == nullptr) {
    return;
  }
  const destination::ColumnState* state = known_column(*known, job.table, column);
  if (state == nullptr) {
    wishes.exclude = true;
    job.history.ignored.push_back(column.name);
  } else if (wishes.name == column.name) {
    wishes.name = state->name;
  }
}

/// Two columns that DuckDB would take for one.
void check_names(const TableJob& job) {
  std::map<std::string, std::string> seen;
  for (const destination::ColumnShape& column : job.shape.columns) {
    const auto [other, fresh] = seen.emplace(fold_case(column.name), column.name);
    if (!fresh) {
      throw Error(ErrorKind::kConfig, "columns " + quote_identifier(other->second) + " and " +
                                          quote_identifier(column.name) +
                                          " differ only in case, which DuckDB does not tell apart")
          .set_hint("give one of them another name: --column '" + job.table.name.display() + "." +
                    display_identifier(column.name) + "=rename NAME'");
    }
  }
}

/// A key needs all of its columns, under their names in the target.
void plan_key(const TableJob& job, std::vector<std::string>& key, std::vector<std::string>& warnings) {
  for (std::string& name : key) {
    const auto column = std::ranges::find_if(
        job.columns, [&](const ColumnJob& planned) { return planned.source == name && !planned.is_side_text; });
    if (column == job.columns.end()) {
      warnings.push_back("its primary key is not carried over: column " + name + " is left out");
      key.clear();
      return;
    }
    if (column->transformed) {
      warnings.push_back("its primary key is not carried over: column " + name + " is transformed");
      key.clear();
      return;
    }
    name = job.shape.columns[static_cast<std::size_t>(column - job.columns.begin())].name;
  }
}

}  // namespace

void plan_columns(const PlanInputs& inputs, TableJob& job, std::set<std::size_t>& used) {
  for (const CatalogColumn& column : job.table.columns) {
    try {
      Wishes wishes = wishes_for(inputs, job.table.name, column, used);
      job.leaves_columns_out = job.leaves_columns_out || wishes.exclude;
      if (!wishes.exclude && job.settings.on_schema_change == config::OnSchemaChange::kIgnore) {
        ignore_changes(inputs, job, column, wishes);
      }
      if (!wishes.exclude) {
        plan_column(inputs, job, column, wishes);
      }
    } catch (Error& error) {
      throw error.add_context("column " + column.name);
    }
  }
  if (job.columns.empty() && !job.table.columns.empty()) {
    throw Error(ErrorKind::kConfig, "all of its columns are left out").set_hint("leave the table out with --exclude");
  }
  check_names(job);
  bind_expressions(job);
  plan_key(job, job.shape.primary_key, job.plan.warnings);
  if (job.columns.empty()) {
    job.shape.columns.push_back({.name = kNoColumns,
                                 .type = types::DuckType::of(types::DuckTypeId::kBoolean),
                                 .not_null = false,
                                 .comment = ""});
    job.plan.warnings.push_back(std::string("the table has no columns: the target gets one named ") + kNoColumns +
                                ", always NULL, so that its rows can be counted");
  }
}

std::string select_list(const TableJob& job) {
  const auto expressions = job.columns | std::views::transform(&ColumnJob::expression);
  return fmt::format("{}", fmt::join(expressions, ", "));
}

source::ReadRequest read_request(const TableJob& job, std::optional<std::uint64_t> limit) {
  return {.select_list = select_list(job),
          .condition = job.condition,
          .alias = job.condition.empty() ? "" : job.table.name.name,
          .order = job.order,
          .limit = limit};
}

void bind_expressions(TableJob& job) {
  destination::bind_transformations(job.shape);
  for (std::size_t i = 0; i < job.columns.size(); ++i) {
    if (job.columns[i].transformed) {
      ColumnPlan& plan = job.plan.columns[i];
      plan.target_type = job.shape.columns[i].result.sql();
      plan.note = "it is " + plan.expression;
    }
  }
}

bool needs_sample(const TableJob& job) {
  return std::ranges::any_of(job.columns, [](const ColumnJob& column) {
    return types::is_adaptive(column.mapping) &&
           (column.choice.profile.empty() ||
            !std::ranges::all_of(column.choice.profile, &types::ValueProfile::has_values));
  });
}

TableJob adaptive_part(const TableJob& job) {
  TableJob part = job;
  part.columns.clear();
  part.shape.columns.clear();
  for (std::size_t i = 0; i < job.columns.size(); ++i) {
    if (types::is_adaptive(job.columns[i].mapping)) {
      part.columns.push_back(job.columns[i]);
      part.columns.back().policy = Unrepresentable::kNull;
      part.shape.columns.push_back(job.shape.columns[i]);
    }
  }
  return part;
}

void learn(TableJob& job, const std::vector<types::ColumnProfile>& seen) {
  auto profile = seen.begin();
  for (ColumnJob& column : job.columns) {
    if (types::is_adaptive(column.mapping)) {
      types::bring_up_to_date(column.choice.profile, *profile++);
    }
  }
}

std::vector<std::string> refit(const types::TypeCatalog& catalog, TableJob& job, bool final) {
  std::vector<std::string> changes;
  for (std::size_t i = 0; i < job.columns.size(); ++i) {
    ColumnJob& column = job.columns[i];
    if (!types::is_adaptive(column.mapping)) {
      continue;
    }
    column.choice.final = final;
    column.mapping = types::map_type(catalog, column.type, column.typmod, column.choice);
    column.expression = types::read_expression(column.mapping, quote_identifier(column.source));
    const std::string before = std::exchange(job.plan.columns[i].target_type, column.mapping.target.sql());
    job.plan.columns[i].note = column.mapping.note;
    job.shape.columns[i].type = column.mapping.target;
    bind_expressions(job);
    if (before != job.plan.columns[i].target_type) {
      changes.push_back(job.plan.columns[i].name + ": " + job.plan.columns[i].target_type + " instead of " + before);
    }
  }
  return changes;
}

}  // namespace pg2duck::sync
