#include "sync/plan/column_plan.hpp"

#include <algorithm>
#include <utility>

#include "base/identifier.hpp"
#include "source/catalog/value_origin.hpp"
#include "sync/plan/schema_change.hpp"
#include "types/read_expression.hpp"

namespace pg2duck::sync {
namespace {

using config::ColumnRule;
using config::Unrepresentable;
using source::CatalogColumn;

constexpr const char* kSideSuffix = "__text";

/// All that rules and policy say of one column.
struct Wishes {
  bool exclude = false;  ///< by a rule
  bool ignore = false;   ///< by the policy: it is new
  std::string name;
  std::optional<types::ChosenType> as;
  bool as_by_pattern = false;
  Unrepresentable unrepresentable = Unrepresentable::kError;
  std::string expression;
};

std::vector<const ColumnRule*> rules_for(const TableInputs& inputs) {
  std::vector<const ColumnRule*> rules;
  for (const ColumnRule& rule : inputs.run.options.columns) {
    if (rule.tables.matches(inputs.table.name)) {
      rules.push_back(&rule);
    }
  }
  return rules;
}

/// Of rules that speak of the column the last one counts, setting by setting.
Wishes wishes_by_rules(const TableInputs& inputs, const std::vector<const ColumnRule*>& rules,
                       const CatalogColumn& column) {
  Wishes wishes{.name = column.name, .unrepresentable = inputs.run.options.unrepresentable, .expression = {}};
  for (const ColumnRule* rule : rules) {
    if (!rule->matches(inputs.table.name, column.name)) {
      continue;
    }
    const bool include = !rule->exclude && !rule->rename && !rule->as && !rule->unrepresentable;
    wishes.exclude = rule->exclude || (wishes.exclude && !include);
    wishes.name = rule->rename.value_or(wishes.name);
    if (rule->as) {
      wishes.as = rule->as;
      wishes.as_by_pattern = !rule->is_exact();
    }
    wishes.unrepresentable = rule->unrepresentable.value_or(wishes.unrepresentable);
    wishes.expression = rule->expression.value_or(wishes.expression);
  }
  return wishes;
}

/// Where changes are ignored the copy has the columns that it has, under the names that they have there.
Wishes with_policy(const TableInputs& inputs, const CatalogColumn& column, Wishes wishes) {
  const destination::TableState* copy = inputs.tracked_copy();
  if (wishes.exclude || copy == nullptr || inputs.settings.on_schema_change != config::OnSchemaChange::kIgnore) {
    return wishes;
  }
  const destination::ColumnState* known = known_column(*copy, inputs.table, column);
  wishes.ignore = known == nullptr;
  if (known != nullptr && wishes.name == column.name) {
    wishes.name = known->name;
  }
  return wishes;
}

/// What the ledger knows of the copy's column: it follows the source's column, not a name. Null: nothing.
const destination::ColumnState* find_known(const TableInputs& inputs, const CatalogColumn& column,
                                           const std::string& name) {
  if (inputs.known == nullptr) {
    return nullptr;
  }
  const std::vector<destination::ColumnState>& columns = inputs.known->columns;
  if (std::ranges::any_of(columns, [](const destination::ColumnState& state) { return state.number != 0; })) {
    return known_column(*inputs.known, inputs.table, column);
  }
  const auto found = std::ranges::find(columns, name, &destination::ColumnState::name);
  return found == columns.end() ? nullptr : &*found;
}

/// What its values have shown. A full refresh begins anew; versions stay, and so does what is known of them.
types::ColumnProfile known_profile(const TableInputs& inputs, const destination::ColumnState* known) {
  const bool begins_anew = inputs.run.options.full && inputs.disposition().strategy != config::MergeStrategy::kScd2;
  return known == nullptr || known->profile.empty() || begins_anew ? types::ColumnProfile()
                                                                   : types::parse_profile(known->profile);
}

types::MappingChoice choice_for(const TableInputs& inputs, const CatalogColumn& column, const Wishes& wishes,
                                const destination::ColumnState* known) {
  const bool automatic = wishes.as && wishes.as->kind == types::ChosenType::Kind::kAuto;
  return {.numeric = automatic ? types::NumericTarget() : inputs.settings.numeric,
          .as = wishes.as,
          .dimensions = column.dimensions,
          .profile = known_profile(inputs, known),
          .finite = wishes.unrepresentable != Unrepresentable::kError};
}

/// A rule that speaks of many columns is about those of them that it can be about.
/// @return the mapping, and the choice that it was made by
std::pair<types::Mapping, types::MappingChoice> map_as_wished(const types::TypeCatalog& catalog,
                                                              const CatalogColumn& column, const Wishes& wishes,
                                                              types::MappingChoice choice) {
  try {
    types::Mapping mapping = types::map_type(catalog, column.type, column.typmod, choice);
    return {std::move(mapping), std::move(choice)};
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kConfig || !wishes.as_by_pattern) {
      throw;
    }
  }
  choice.as.reset();
  types::Mapping mapping = types::map_type(catalog, column.type, column.typmod, choice);
  return {std::move(mapping), std::move(choice)};
}

PlannedColumn plan_value(const TableInputs& inputs, const CatalogColumn& column, const Wishes& wishes) {
  const types::TypeCatalog& catalog = inputs.run.catalog.types;
  const destination::ColumnState* known = find_known(inputs, column, wishes.name);
  auto [mapping, choice] = map_as_wished(catalog, column, wishes, choice_for(inputs, column, wishes, known));
  PlannedColumn planned{.source = column,
                        .value_origin = source::value_origin(inputs.table, column, inputs.run.catalog.types),
                        .choice = std::move(choice)};
  if (!types::is_adaptive(mapping)) {
    planned.choice.profile.clear();
  } else if (known != nullptr && !known->profile.empty() && known->source_type == column.type_display) {
    planned.known_type = known->target_type;
  }
  planned.heap_type = types::find_heap_type(catalog, column.type);
  planned.text = types::text_expression(catalog.at(column.type).output_function, quote_identifier(column.name));
  const bool tolerant = wishes.unrepresentable != Unrepresentable::kError && types::may_be_unrepresentable(mapping);
  planned.policy = tolerant ? wishes.unrepresentable : Unrepresentable::kError;
  if (!wishes.expression.empty() && wishes.unrepresentable == Unrepresentable::kText) {
    throw Error(ErrorKind::kConfig, "the text of a value would stand beside what its expression makes of it")
        .set_hint("set unrepresentable = \"null\" or \"error\" for this column");
  }
  planned.shape.name = wishes.name;
  // What cannot be held becomes NULL, whatever Postgres promises, and so may what an expression gives.
  planned.shape.not_null = column.not_null && !tolerant && wishes.expression.empty();
  planned.shape.comment = column.comment;
  planned.shape.read_name = column.name;
  planned.shape.expression = wishes.expression;
  return mapped(std::move(planned), std::move(mapping));
}

/// Stands beside `value`.
PlannedColumn plan_side_text(const PlannedColumn& value) {
  PlannedColumn side{.role = ColumnRole::kSideText, .source = value.source};
  side.select = types::side_text_expression(value.mapping, quote_identifier(value.source.name), value.text);
  side.text = value.text;
  side.mapping.note = "the text of what " + value.shape.name + " cannot hold";
  side.shape.name = value.shape.name + kSideSuffix;
  side.shape.type = side.mapping.target;
  return side;
}

PlannedColumn plan_stand_in() {
  PlannedColumn column{.role = ColumnRole::kStandIn};
  column.shape.name = kNoColumns;
  column.shape.type = types::DuckType::of(types::DuckTypeId::kBoolean);
  return column;
}

/// Two columns that DuckDB would take for one.
void check_names(const TableName& table, const std::vector<PlannedColumn>& columns) {
  std::map<std::string, std::string> seen;
  for (const PlannedColumn& column : columns) {
    const std::string& name = column.shape.name;
    const auto [other, fresh] = seen.emplace(fold_case(name), name);
    if (!fresh) {
      throw Error(ErrorKind::kConfig, "columns " + quote_identifier(other->second) + " and " + quote_identifier(name) +
                                          " differ only in case, which DuckDB does not tell apart")
          .set_hint("give one of them another name: --column '" + table.display() + "." + display_identifier(name) +
                    "=rename NAME'");
    }
  }
}

void add_column(const TableInputs& inputs, const std::vector<const ColumnRule*>& rules, const CatalogColumn& column,
                TableColumns& planned) {
  const Wishes wishes = with_policy(inputs, column, wishes_by_rules(inputs, rules, column));
  planned.leaves_out = planned.leaves_out || wishes.exclude;
  if (wishes.ignore) {
    planned.ignored.push_back(column.name);
  }
  if (wishes.exclude || wishes.ignore) {
    return;
  }
  PlannedColumn value = plan_value(inputs, column, wishes);
  const bool has_text = value.policy == Unrepresentable::kText;
  planned.columns.push_back(std::move(value));
  if (has_text) {
    planned.columns.push_back(plan_side_text(planned.columns.back()));
  }
}

void add_columns(const TableInputs& inputs, TableColumns& planned) {
  const std::vector<const ColumnRule*> rules = rules_for(inputs);
  for (const CatalogColumn& column : inputs.table.columns) {
    try {
      add_column(inputs, rules, column, planned);
    } catch (Error& error) {
      throw error.add_context("column " + column.name);
    }
  }
  if (planned.columns.empty() && !inputs.table.columns.empty()) {
    throw Error(ErrorKind::kConfig, "all of its columns are left out").set_hint("leave the table out with --exclude");
  }
  check_names(inputs.table.name, planned.columns);
  if (planned.columns.empty()) {
    planned.columns.push_back(plan_stand_in());
  }
}

}  // namespace

TableColumns plan_columns(const TableInputs& inputs) {
  TableColumns planned;
  try {
    add_columns(inputs, planned);
  } catch (const Error& error) {
    planned.refusal = error;
  }
  return planned;
}

bool has_expressions(const std::vector<PlannedColumn>& columns) {
  return std::ranges::any_of(columns, &PlannedColumn::is_transformed);
}

std::vector<PlannedColumn> bound(std::vector<PlannedColumn> columns, const ExpressionTypes& types) {
  for (PlannedColumn& column : columns) {
    if (const auto type = types.find(column.shape.name); type != types.end()) {
      column.shape.result = type->second.result;
      column.shape.varies = type->second.varies;
    }
  }
  return columns;
}

CarriedKey carried_key(const TableInputs& inputs, const std::vector<PlannedColumn>& columns) {
  CarriedKey key;
  if (!inputs.settings.primary_keys) {
    return key;
  }
  for (const std::string& name : inputs.table.primary_key) {
    const PlannedColumn* column = find_value(columns, name);
    if (column == nullptr || column->is_transformed()) {
      return {.columns = {},
              .missing = "its primary key is not carried over: column " + name +
                         (column == nullptr ? " is left out" : " is transformed")};
    }
    key.columns.push_back(column->shape.name);
  }
  return key;
}

}  // namespace pg2duck::sync
