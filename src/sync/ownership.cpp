#include "sync/ownership.hpp"

#include <map>
#include <utility>

namespace pg2duck::sync {
namespace {

/// A table keeps its oid when it, or its schema, is renamed.
bool is_of_another_table(const destination::TableState& state, const source::RelationEntry& relation) {
  return state.source != relation.name && (state.oid == 0 || state.oid != relation.oid);
}

}  // namespace

void set_others_apart(TargetState& target, const std::vector<Selected>& selection) {
  std::map<TableName, const source::RelationEntry*> chosen;
  for (const Selected& selected : selection) {
    chosen.emplace(selected.target, &selected.relation);
  }
  for (auto state = target.tables.begin(); state != target.tables.end();) {
    const auto now = chosen.find(state->first);
    const bool own = destination::is_same_source(state->second.origin, target.source) &&
                     (now == chosen.end() || !is_of_another_table(state->second, *now->second));
    if (own) {
      ++state;
      continue;
    }
    target.cursors.erase(state->first);
    target.others.emplace(state->first.folded(), std::move(state->second));
    state = target.tables.erase(state);
  }
}

}  // namespace pg2duck::sync
