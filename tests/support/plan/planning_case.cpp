#include "support/plan/planning_case.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "config/settings/index.hpp"
#include "support/plan/case_columns.hpp"
#include "sync/plan/compression_plan.hpp"
#include "sync/plan/page_plan.hpp"

namespace pg2duck::test {
namespace {

using source::CatalogColumn;
using source::CatalogTable;
using source::RelationKind;

constexpr types::Oid kTableOid = 5000;
constexpr std::uint64_t kBlock = 8192;

/// What the table is called in the target.
TableName target() {
  return {"main", "t"};
}

destination::ColumnState state_of(const CaseColumn& column) {
  destination::ColumnState state{
      .name = column.name_in_copy, .source_type = column.source.type_display, .target_type = column.target_type};
  state.number = column.source.number;
  state.source_name = column.source.name;
  state.not_null = column.source.not_null;
  state.expression = column.expression;
  return state;
}

std::pair<std::string, std::string> setting(const std::string& word) {
  const std::size_t equals = word.find('=');
  std::string value = equals == std::string::npos ? "" : word.substr(equals + 1);
  std::ranges::replace(value, '_', ' ');
  return {word.substr(0, equals), value};
}

void set(config::TableRule& rule, const std::string& word) {
  auto [name, value] = setting(word);
  const std::string exact = word.substr(std::min(word.size(), name.size() + 1));
  const bool text = name == "lag" || name == "reconcile" || name == "initial" || name == "end" || name == "numeric";
  std::vector<std::string> texts{name == "primary_keys" ? "true" : text ? value : exact};
  if (name == "key") {
    texts = split(exact);
  }
  const config::Setting* about = config::find_setting(name, &config::Places::table);
  if (about == nullptr || about->set_for_table == nullptr || !config::give(rule, *about, texts)) {
    throw Error(ErrorKind::kBug, "a case says '" + word + "' of the table");
  }
}

}  // namespace

template <typename Change>
Given Given::changed(Change change) const {
  Given next = *this;
  change(next);
  return next;
}

Given::Given(std::string_view columns) : columns_(columns) {
  options_.read = config::ReadMethod::kCopy;
  catalog_.types = type_catalog();
  CatalogTable& table = catalog_.tables.emplace_back();
  table.oid = kTableOid;
  table.name = {"public", "t"};
  for (CaseColumn& column : read_columns(columns)) {
    if (column.is_key) {
      table.primary_key.push_back(column.source.name);
    }
    table.columns.push_back(std::move(column.source));
  }
  table.leaves = {{.oid = kTableOid, .name = table.name, .heap_bytes = kBlock}};
  selected_.relation.name = table.name;
  selected_.target = target();
  facts_.cursor.transactions = {.seen = "1000", .next = "1000"};
}

Given Given::kind(RelationKind kind) const {
  Given next = *this;
  CatalogTable& table = next.catalog_.tables.front();
  table.kind = kind;
  if (kind == RelationKind::kView) {
    table.leaves.clear();
  } else if (kind == RelationKind::kForeign) {
    table.leaves.front().kind = RelationKind::kForeign;
  }
  return next;
}

Given Given::megabytes(std::uint64_t heap, std::uint64_t toast) const {
  Given next = *this;
  next.catalog_.tables.front().leaves.front().heap_bytes = heap << 20U;
  next.catalog_.tables.front().leaves.front().toast_bytes = toast << 20U;
  return next;
}

Given Given::rows(double estimated) const {
  return changed([&](Given& next) { next.catalog_.tables.front().estimated_rows = estimated; });
}

Given Given::partitions(std::size_t count, std::string whole_because) const {
  Given next = *this;
  CatalogTable& table = next.catalog_.tables.front();
  table.kind = RelationKind::kPartitioned;
  table.whole_because = std::move(whole_because);
  table.leaves.assign(count, source::Leaf(table.leaves.front()));
  for (std::size_t i = 0; i < count; ++i) {
    table.leaves[i].oid = kTableOid + 1 + static_cast<types::Oid>(i);
    table.leaves[i].name.name += "_" + std::to_string(i + 1);
  }
  return next;
}

Given Given::row_security() const {
  return changed([&](Given& next) { next.catalog_.tables.front().row_security_active = true; });
}

Given Given::server(int version) const {
  return changed([&](Given& next) { next.server_version_ = version; });
}

Given Given::page_access() const {
  Given next = *this;
  next.options_.read = config::ReadMethod::kAuto;
  next.page_access_.by = source::PageAccess::By::kSuperuser;
  for (const source::Leaf& leaf : catalog_.tables.front().leaves) {
    source::Heap& heap = next.heaps_[leaf.oid];
    for (const CatalogColumn& column : catalog_.tables.front().columns) {
      const types::PgType& type = catalog_.types.at(column.type);
      heap.attributes.push_back({.name = column.name,
                                 .type = column.type,
                                 .length = type.length,
                                 .alignment = type.alignment,
                                 .is_stored = !column.generated,
                                 .missing = std::nullopt});
    }
  }
  return next;
}

Given Given::page_refusal(std::string why) const {
  Given next = page_access();
  next.page_access_.by = source::PageAccess::By::kNobody;
  next.page_access_.refusal = std::move(why);
  return next;
}

Given Given::with(std::string_view settings) const {
  Given next = *this;
  config::TableRule rule;
  rule.tables = config::TablePattern::parse("public.t");
  rule.text = "a rule of the case";
  for (const std::string& word : words_of(settings)) {
    set(rule, word);
  }
  next.options_.table_rules.push_back(rule);
  return next;
}

Given Given::run(std::string_view settings) const {
  Given next = *this;
  for (const std::string& word : words_of(settings)) {
    const auto [name, value] = setting(word);
    if (name == "full") {
      next.options_.full = true;
    } else if (name == "reconcile") {
      next.options_.reconcile = true;
    } else if (name == "force") {
      next.options_.force = true;
    } else if (name == "limit") {
      next.options_.limit = std::stoull(value);
    } else if (name == "read") {
      next.options_.read = *config::parse_choice<config::ReadMethod>(value);
    } else if (name == "unrepresentable") {
      next.options_.unrepresentable = *config::parse_choice<config::Unrepresentable>(value);
    } else if (name == "compression") {
      next.options_.compression = *config::parse_choice<config::Compression>(value);
    } else {
      throw Error(ErrorKind::kBug, "a case says '" + word + "' of the run");
    }
  }
  return next;
}

Given Given::column(std::string_view rule) const {
  return this->rule("public.t." + std::string(rule));
}

Given Given::rule(std::string_view text) const {
  return changed([&](Given& next) { next.options_.columns.push_back(config::ColumnRule::parse(text)); });
}

Given Given::where(std::string_view filter, bool may_match_nothing) const {
  Given next = *this;
  next.options_.where.push_back(config::RowFilter::parse(filter));
  next.options_.where.back().may_match_nothing = may_match_nothing;
  return next;
}

Given Given::section(std::string_view pattern) const {
  Given next = with("read=copy");
  next.options_.table_rules.back().tables = config::TablePattern::parse(pattern);
  next.options_.table_rules.back().text = "[table." + std::string(pattern) + "]";
  return next;
}

Given Given::partition_by(std::string_view keys) const {
  return changed([&](Given& next) {
    next.options_.table_rules.push_back(config::parse_partition_rule("public.t=" + std::string(keys)));
  });
}

Given Given::dataset(std::string name) const {
  Given next = *this;
  next.selected_.target.schema = name;
  next.options_.dataset = std::move(name);
  return next;
}

Given Given::copied(std::string_view columns) const {
  Given next = *this;
  destination::TableState& copy = next.target_.tables[target()];
  copy.source = catalog_.tables.front().name;
  copy.target = target();
  copy.oid = kTableOid;
  for (const CaseColumn& column : read_columns(columns.empty() ? columns_ : columns)) {
    copy.columns.push_back(state_of(column));
  }
  next.target_.objects[target()] = destination::Existing::kTable;
  return next;
}

Given Given::copied_before(const std::string& table) const {
  Given next = *this;
  destination::TableState& copy = next.target_.tables[{"main", "another"}];
  const std::size_t dot = table.find('.');
  copy.source = {table.substr(0, dot), table.substr(dot + 1)};
  return next;
}

Given Given::recreated() const {
  return changed([&](Given& next) { next.target_.tables.at(target()).oid = kTableOid + 900; });
}

Given Given::limited_copy(std::string_view columns) const {
  return copied(columns).changed([](Given& next) { next.target_.tables.at(target()).limited = true; });
}

Given Given::versions() const {
  Given next = *this;
  for (const char* name : {"valid_from", "valid_to"}) {
    next.target_.tables.at(target()).columns.push_back({.name = name, .target_type = "TIMESTAMP WITH TIME ZONE"});
  }
  return next;
}

Given Given::watermark(std::string cursor, std::string value, std::int64_t reconciled_ago) const {
  Given next = *this;
  next.target_.cursors[target()] = {.table = target(),
                                    .cursor = std::move(cursor),
                                    .value = std::move(value),
                                    .reconciled_at = reconciled_ago < 0 ? "" : "2025-06-01 00:00:00+00",
                                    .seconds_since_reconciled = std::max<std::int64_t>(reconciled_ago, 0)};
  return next;
}

Given Given::read_parts(std::string oids) const {
  return changed([&](Given& next) { next.target_.cursors.at(target()).parts = std::move(oids); });
}

Given Given::profile(const std::string& column, std::string text) const {
  Given next = *this;
  std::vector<destination::ColumnState>& states = next.target_.tables.at(target()).columns;
  std::ranges::find(states, column, &destination::ColumnState::name)->profile = std::move(text);
  return next;
}

Given Given::target_view() const {
  return changed([&](Given& next) { next.target_.objects[target()] = destination::Existing::kView; });
}

Given Given::untracked_table() const {
  return changed([&](Given& next) { next.target_.objects[target()] = destination::Existing::kTable; });
}

Given Given::replaced_only() const {
  return changed([&](Given& next) { next.supports_.changes = false; });
}

Given Given::lake() const {
  return changed([&](Given& next) { next.supports_.partitions = true; });
}

Given Given::maximum(std::string value) const {
  return changed([&](Given& next) { next.facts_.cursor.maximum = std::move(value); });
}

Given Given::maximum_elsewhere(std::string value) const {
  return changed([&](Given& next) { next.facts_.cursor.maximum_elsewhere = std::move(value); });
}

Given Given::transactions(std::string seen, std::string next_one) const {
  return changed(
      [&](Given& next) { next.facts_.cursor.transactions = {.seen = std::move(seen), .next = std::move(next_one)}; });
}

Given Given::negative_lag() const {
  return changed([&](Given& next) { next.facts_.cursor.lag_is_negative = true; });
}

Given Given::null_cursors() const {
  return changed([&](Given& next) { next.facts_.cursor.has_nulls = true; });
}

Given Given::unwanted_rows() const {
  return changed([&](Given& next) { next.facts_.cursor.has_unwanted_rows = true; });
}

Given Given::cursor_failure(ErrorKind kind, const std::string& message) const {
  return changed([&](Given& next) { next.facts_.cursor.failure = Error(kind, message); });
}

Given Given::fault(const std::string& message) const {
  return changed([&](Given& next) { next.facts_.fault = Error(ErrorKind::kSourceSql, message); });
}

Given Given::index() const {
  return changed([&](Given& next) { next.facts_.index.scans_all = false; });
}

Given Given::no_index() const {
  return changed([&](Given& next) { next.facts_.index.has_index = false; });
}

Given Given::bound(const std::string& column, types::DuckTypeId type) const {
  return changed([&](Given& next) { next.expressions_.types[column].result = types::DuckType::of(type); });
}

Given Given::unbound(const std::string& message) const {
  return changed([&](Given& next) { next.expressions_.failure = Error(ErrorKind::kConfig, message); });
}

Given Given::statistics(const std::string& column, double distinct, std::int32_t bytes) const {
  Given next = *this;
  if (!next.facts_.compression) {
    next.facts_.compression.emplace();
  }
  next.facts_.compression->statistics[column] = {.distinct = distinct, .average_bytes = bytes};
  return next;
}

template <typename Planner>
auto Given::planned(Planner planner) const {
  const std::vector<sync::Selected> selection{selected_};
  return planner(sync::PlanInputs{.options = options_,
                                  .catalog = catalog_,
                                  .selection = selection,
                                  .target = target_,
                                  .supports = supports_,
                                  .staged_prefix = "staged_",
                                  .taken_at = "2025-06-08 00:00:00+00",
                                  .readers = 2,
                                  .block_bytes = kBlock,
                                  .server_version = server_version_,
                                  .page_access = page_access_,
                                  .snapshot_bounds = {},
                                  .heaps = heaps_});
}

sync::TableDraft Given::draft() const {
  return planned([this](const sync::PlanInputs& inputs) { return draft_tables(inputs, {{0, expressions_}}).front(); });
}

bool Given::asks_for_pages() const {
  return planned([](const sync::PlanInputs& inputs) { return could_read_pages(inputs_of(inputs, 0)); });
}

bool Given::asks_for_compression() const {
  return planned([this](const sync::PlanInputs& inputs) {
    return wants_compression_facts(inputs, draft_tables(inputs, {{0, expressions_}}).front());
  });
}

sync::TableJob Given::plan() const {
  const sync::TableDraft drafted = draft();
  return planned([&](const sync::PlanInputs& inputs) { return finish_table(inputs, drafted, facts_of(drafted), 1); });
}

}  // namespace pg2duck::test
