#include "sync/choice.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace pg2duck::sync {

std::vector<source::RelationEntry> Choice::relations() const {
  std::vector<source::RelationEntry> relations;
  std::ranges::transform(selection, std::back_inserter(relations), &Selected::relation);
  return relations;
}

std::vector<types::Oid> Choice::oids() const {
  std::vector<types::Oid> oids;
  std::ranges::transform(selection, std::back_inserter(oids),
                         [](const Selected& selected) { return selected.relation.oid; });
  return oids;
}

Choice choose_tables(const source::Survey& survey, const config::CopyOptions& options) {
  std::vector<Selected> denied;
  Choice choice;
  for (Selected& selected : select_relations(survey.relations, options)) {
    (is_readable(selected.relation) ? choice.selection : denied).push_back(std::move(selected));
  }
  if (!denied.empty() && options.on_error == config::OnError::kAbort) {
    throw permission_error(denied, survey.user);
  }
  for (const Selected& selected : denied) {
    TableReport& report = choice.denied.emplace_back();
    report.source = selected.relation.name;
    report.target = selected.target;
    report.status = TableStatus::kRefused;
    report.error = permission_error({selected}, survey.user);
  }
  return choice;
}

}  // namespace pg2duck::sync
