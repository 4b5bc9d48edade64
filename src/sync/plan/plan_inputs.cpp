#include "sync/plan/plan_inputs.hpp"

#include <algorithm>
#include <utility>

namespace pg2duck::sync {
namespace {

template <typename Value>
const Value* find(const std::map<TableName, Value>& values, const TableName& name) {
  const auto found = values.find(name);
  return found == values.end() ? nullptr : &found->second;
}

}  // namespace

const destination::TableState* TableInputs::tracked_copy() const {
  const auto is_tracked = [](const destination::ColumnState& column) { return column.number != 0; };
  return copy != nullptr && std::ranges::any_of(copy->columns, is_tracked) ? copy : nullptr;
}

const source::CatalogColumn* find_column(const source::CatalogTable& table, const std::string& name) {
  const auto found = std::ranges::find(table.columns, name, &source::CatalogColumn::name);
  return found == table.columns.end() ? nullptr : &*found;
}

TableInputs inputs_of(const PlanInputs& run, std::size_t index) {
  const source::CatalogTable& table = run.catalog.tables[index];
  const TableName& target = run.selection[index].target;
  const destination::TableState* known = find(run.target.tables, target);
  const bool is_there = run.target.objects.contains(target.folded());
  return {.run = run,
          .table = table,
          .target = target,
          .settings = config::settings_for(run.options, table.name),
          .known = known,
          .copy = is_there ? known : nullptr,
          .other = is_there ? find(run.target.others, target.folded()) : nullptr,
          .cursor = find(run.target.cursors, target)};
}

Error config_error(const std::string& message, std::string hint) {
  return Error(ErrorKind::kConfig, message).set_hint(std::move(hint));
}

std::string full_refresh_hint(const TableName& source, const TableName& target, bool holds_versions) {
  return holds_versions ? "let new versions begin: DROP TABLE " + target.quoted() + " in the target"
                        : "make a whole new copy once: pg2duck sync --full --tables " + source.display();
}

}  // namespace pg2duck::sync
