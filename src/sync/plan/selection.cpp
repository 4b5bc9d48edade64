#include "sync/plan/selection.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "config/rules/table_pattern.hpp"
#include "destination/targets/reserved_names.hpp"

namespace pg2duck::sync {
namespace {

using config::TablePattern;
using source::RelationEntry;
using source::RelationKind;

constexpr const char* kLastSyncTable = "last_sync_time";

bool is_view(const RelationEntry& relation) {
  return relation.kind == RelationKind::kView || relation.kind == RelationKind::kMaterializedView;
}

/// Whether a description, as opposed to a name, may choose this relation.
bool is_ordinary(const RelationEntry& relation, bool views) {
  return !relation.is_system && !relation.is_partition && relation.extension.empty() &&
         relation.kind != RelationKind::kForeign && (views || !is_view(relation));
}

bool chooses(const TablePattern& pattern, const RelationEntry& relation, bool views) {
  if (!pattern.matches(relation.name)) {
    return false;
  }
  if (!pattern.is_exact()) {
    return is_ordinary(relation, views);
  }
  // An unqualified name means the user's own tables: `pg_class` alone is a typing error, not a wish.
  return !relation.is_system || pattern.text().find('.') != std::string::npos;
}

std::vector<TableName> ordinary_names(const std::vector<RelationEntry>& relations) {
  std::vector<TableName> names;
  for (const RelationEntry& relation : relations) {
    if (!relation.is_system) {
      names.push_back(relation.name);
    }
  }
  return names;
}

Error no_match(const TablePattern& pattern, const std::vector<RelationEntry>& relations) {
  Error error(ErrorKind::kConfig, "no table matches '" + pattern.text() + "'");
  const auto hidden =
      std::ranges::find_if(relations, [&](const RelationEntry& relation) { return pattern.matches(relation.name); });
  if (hidden != relations.end()) {
    const std::string name = hidden->name.display();
    error.set_hint(is_view(*hidden) ? "it matches views such as " + name + ": add --views to copy them"
                                    : "it matches " + name +
                                          ", which is left out unless named exactly (a partition, a foreign "
                                          "table, or a table of the system or an extension)");
    return error;
  }
  const auto near = config::nearest_names(pattern.text(), ordinary_names(relations));
  error.set_hint(near.empty() ? "the database has no tables that this user can see"
                              : fmt::format("did you mean {}?", fmt::join(near, ", ")));
  return error;
}

std::vector<RelationEntry> chosen_by_patterns(const std::vector<RelationEntry>& relations,
                                              const config::CopyOptions& options) {
  const auto includes = TablePattern::parse_list(options.tables);
  const auto excludes = TablePattern::parse_list(options.exclude);
  for (const TablePattern& pattern : includes) {
    if (std::ranges::none_of(relations, [&](const auto& r) { return chooses(pattern, r, options.views); })) {
      throw no_match(pattern, relations);
    }
  }
  for (const TablePattern& pattern : excludes) {
    if (std::ranges::none_of(relations, [&](const auto& r) { return pattern.matches(r.name); })) {
      throw no_match(pattern, relations).add_context("--exclude");
    }
  }
  std::vector<RelationEntry> chosen;
  for (const RelationEntry& relation : relations) {
    const bool included = includes.empty() ? is_ordinary(relation, options.views)
                                           : std::ranges::any_of(includes, [&](const TablePattern& pattern) {
                                               return chooses(pattern, relation, options.views);
                                             });
    const bool excluded =
        std::ranges::any_of(excludes, [&](const TablePattern& pattern) { return pattern.matches(relation.name); });
    if (included && !excluded) {
      chosen.push_back(relation);
    }
  }
  return chosen;
}

void check_reserved(const Selected& selected, const config::CopyOptions& options) {
  const std::string schema = fold_case(selected.target.schema);
  const std::string name = fold_case(selected.target.name);
  const std::string shown = selected.relation.name.display();
  if (schema == destination::kLedgerSchema) {
    throw Error(ErrorKind::kConfig, shown + ": the schema _pg2duck is reserved for the ledger")
        .set_hint("copy it into another schema with --dataset, or leave it out with --exclude");
  }
  if (schema == fold_case(last_sync_schema(options)) && name == kLastSyncTable) {
    throw Error(ErrorKind::kConfig, shown + " would take the place of last_sync_time, which pg2duck writes itself")
        .set_hint("leave it out with --exclude '" + shown + "', or use --dataset");
  }
  if (name.starts_with(destination::kStagedPrefix)) {
    throw Error(ErrorKind::kConfig, shown + ": names that begin with _pg2duck_staged_ are reserved")
        .set_hint("leave it out with --exclude '" + shown + "'");
  }
}

void check_collisions(const std::vector<Selected>& selection) {
  std::map<TableName, const Selected*> taken;
  for (const Selected& selected : selection) {
    const auto [other, fresh] = taken.emplace(selected.target.folded(), &selected);
    if (!fresh) {
      const std::string first = other->second->relation.name.display();
      const std::string second = selected.relation.name.display();
      throw Error(ErrorKind::kConfig, first + " and " + second + " would both become " + selected.target.display() +
                                          " in the target (DuckDB does not tell upper from lower case)")
          .set_hint("leave one out with --exclude '" + second + "'");
    }
  }
}

}  // namespace

WantedTables::WantedTables(const config::CopyOptions& options)
    : included_(TablePattern::parse_list(options.tables)), excluded_(TablePattern::parse_list(options.exclude)) {}

bool WantedTables::contains(const TableName& table) const {
  const auto matches = [&table](const TablePattern& pattern) { return pattern.matches(table); };
  return (included_.empty() || std::ranges::any_of(included_, matches)) && std::ranges::none_of(excluded_, matches);
}

TableName target_name_of(const TableName& source, const config::CopyOptions& options) {
  if (options.dataset) {
    return {*options.dataset, source.name};
  }
  return {source.schema == "public" ? "main" : source.schema, source.name};
}

std::string last_sync_schema(const config::CopyOptions& options) {
  return options.dataset.value_or("main");
}

std::vector<Selected> select_relations(const std::vector<RelationEntry>& relations,
                                       const config::CopyOptions& options) {
  std::vector<Selected> selection;
  for (RelationEntry& relation : chosen_by_patterns(relations, options)) {
    TableName target = target_name_of(relation.name, options);
    selection.push_back({std::move(relation), std::move(target)});
    check_reserved(selection.back(), options);
  }
  if (selection.empty()) {
    throw Error(ErrorKind::kConfig, "there is no table to copy")
        .set_hint("check the database name, --tables and --exclude; views are copied with --views");
  }
  check_collisions(selection);
  return selection;
}

bool is_readable(const RelationEntry& relation) {
  return relation.has_schema_usage && relation.has_select;
}

Error permission_error(const std::vector<Selected>& denied, const std::string& user) {
  std::vector<std::string> names;
  std::set<std::string> grants;
  const std::string grantee = quote_identifier(user);
  for (const Selected& selected : denied) {
    const RelationEntry& relation = selected.relation;
    names.push_back(relation.name.display());
    if (!relation.has_schema_usage) {
      grants.insert("GRANT USAGE ON SCHEMA " + quote_identifier(relation.name.schema) + " TO " + grantee + ";");
    }
    if (!relation.has_select) {
      grants.insert("GRANT SELECT ON " + relation.name.quoted() + " TO " + grantee + ";");
    }
  }
  return Error(ErrorKind::kPermission, fmt::format("no right to read {}", fmt::join(names, ", ")))
      .set_sqlstate("42501")
      .set_hint(fmt::format("run as the owner or a superuser: {} Or leave them out with --exclude or --on-error skip.",
                            fmt::join(grants, " ")));
}

}  // namespace pg2duck::sync
