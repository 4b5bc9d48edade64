#include "sync/gone_tables.hpp"

#include <map>
#include <set>
#include <utility>

#include "sync/plan/selection.hpp"

namespace pg2duck::sync {

std::vector<GoneTable> find_gone_tables(const std::vector<source::RelationEntry>& relations, const TargetState& target,
                                        const config::CopyOptions& options) {
  std::set<TableName> names;
  std::map<types::Oid, TableName> by_oid;
  for (const source::RelationEntry& relation : relations) {
    names.insert(relation.name);
    by_oid.emplace(relation.oid, relation.name);
  }
  const WantedTables wanted(options);
  std::vector<GoneTable> gone;
  for (const auto& [name, state] : target.tables) {
    const bool again = target_name_of(state.source, options) == name && target.objects.contains(name.folded()) &&
                       wanted.contains(state.source);
    if (again && !names.contains(state.source)) {
      const auto now = by_oid.find(state.oid);
      gone.push_back({.source = state.source,
                      .target = name,
                      .now = now == by_oid.end() ? std::nullopt : std::optional(now->second)});
    }
  }
  return gone;
}

std::vector<TableReport> refuse_gone(const config::CopyOptions& options, const std::vector<GoneTable>& gone) {
  std::vector<TableReport> refused;
  for (const GoneTable& table : gone) {
    if (config::settings_for(options, table.source).on_schema_change != config::OnSchemaChange::kFail) {
      continue;
    }
    Error error = Error(ErrorKind::kSchemaDrift, describe(table))
                      .set_hint("leave it out with --exclude '" + table.source.display() +
                                "', or accept that with --on-schema-change apply; in the target, DROP TABLE " +
                                table.target.quoted() + " ends it")
                      .add_context("table " + table.source.display());
    if (options.on_error == config::OnError::kAbort) {
      throw Error(error);
    }
    TableReport& report = refused.emplace_back();
    report.source = table.source;
    report.target = table.target;
    report.status = TableStatus::kRefused;
    report.error = std::move(error);
  }
  return refused;
}

}  // namespace pg2duck::sync
