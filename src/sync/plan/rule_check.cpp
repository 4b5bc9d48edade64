#include "sync/plan/rule_check.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace pg2duck::sync {
namespace {

using source::CatalogColumn;
using source::CatalogTable;

bool is_copied(const PlanInputs& inputs, const config::TablePattern& pattern) {
  return std::ranges::any_of(inputs.catalog.tables,
                             [&pattern](const CatalogTable& table) { return pattern.matches(table.name); });
}

/// Whether the pattern is about a table that has been copied and may be gone: what is said of it stands for nothing
/// now.
bool is_about_known_table(const PlanInputs& inputs, const config::TablePattern& pattern) {
  return std::ranges::any_of(inputs.target.tables,
                             [&pattern](const auto& known) { return pattern.matches(known.second.source); });
}

/// Whether a rule for these tables has nothing to be about, and that is no mistake.
bool may_be_idle(const PlanInputs& inputs, const config::TablePattern& pattern) {
  return !is_copied(inputs, pattern) && is_about_known_table(inputs, pattern);
}

bool matches_a_column(const PlanInputs& inputs, const config::ColumnRule& rule) {
  return std::ranges::any_of(inputs.catalog.tables, [&rule](const CatalogTable& table) {
    return rule.tables.matches(table.name) && std::ranges::any_of(table.columns, [&](const CatalogColumn& column) {
             return rule.matches(table.name, column.name);
           });
  });
}

/// "nearest: orders.total", of the tables that the rule is about, or of all when none of them is copied.
std::string nearest_columns(const PlanInputs& inputs, const config::ColumnRule& rule) {
  const bool of_all = !is_copied(inputs, rule.tables);
  std::vector<TableName> names;
  for (const CatalogTable& table : inputs.catalog.tables) {
    for (const CatalogColumn& column : table.columns) {
      if (of_all || rule.tables.matches(table.name)) {
        names.push_back({table.name.name, column.name});
      }
    }
  }
  const std::string near = fmt::format("{}", fmt::join(config::nearest_names(rule.columns.text(), names), ", "));
  if (near.empty()) {
    return "--dry-run lists the tables";
  }
  const bool quoted = near.find('"') != std::string::npos;
  return "nearest: " + near + (quoted ? R"(; the "" belong to the name, in pg2duck.toml columns.'"Odd Name"')" : "");
}

/// "did you mean public.orders?"
std::string nearest_tables(const PlanInputs& inputs, const config::TablePattern& pattern) {
  std::vector<TableName> names;
  for (const CatalogTable& table : inputs.catalog.tables) {
    names.push_back(table.name);
  }
  return fmt::format("did you mean {}? --dry-run lists the tables",
                     fmt::join(config::nearest_names(pattern.text(), names), ", "));
}

void check_column_rule(const PlanInputs& inputs, const config::ColumnRule& rule) {
  if (!rule.may_match_nothing && !matches_a_column(inputs, rule) && !may_be_idle(inputs, rule.tables)) {
    throw Error(ErrorKind::kConfig, "column rule '" + rule.text + "' matches no column of the tables to copy")
        .set_hint(nearest_columns(inputs, rule));
  }
}

void check_filter(const PlanInputs& inputs, const config::RowFilter& filter) {
  if (!filter.may_match_nothing && !is_copied(inputs, filter.tables) && !is_about_known_table(inputs, filter.tables)) {
    throw Error(ErrorKind::kConfig, "row filter '" + filter.text + "' matches none of the tables to copy")
        .set_hint(nearest_tables(inputs, filter.tables));
  }
}

void check_table_rule(const PlanInputs& inputs, const config::TableRule& rule) {
  if (!rule.may_match_nothing && !is_copied(inputs, rule.tables) && !is_about_known_table(inputs, rule.tables)) {
    throw Error(ErrorKind::kConfig, rule.text + " matches none of the tables to copy")
        .set_hint(nearest_tables(inputs, rule.tables));
  }
}

}  // namespace

void check_rules(const PlanInputs& inputs) {
  for (const config::ColumnRule& rule : inputs.options.columns) {
    check_column_rule(inputs, rule);
  }
  for (const config::RowFilter& filter : inputs.options.where) {
    check_filter(inputs, filter);
  }
  for (const config::TableRule& rule : inputs.options.table_rules) {
    check_table_rule(inputs, rule);
  }
}

}  // namespace pg2duck::sync
