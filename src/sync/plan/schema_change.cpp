#include "sync/plan/schema_change.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "sync/plan/plan.hpp"
#include "sync/plan/selection.hpp"
#include "types/conversion.hpp"
#include "types/type_growth.hpp"

namespace pg2duck::sync {
namespace {

using destination::ColumnState;
using destination::ExistingColumn;
using destination::TableState;
using source::CatalogColumn;
using types::Conversion;
using Kind = SchemaChange::Kind;

const CatalogColumn& source_column(const TableJob& job, const ColumnJob& column) {
  return *std::ranges::find(job.table.columns, column.source, &CatalogColumn::name);
}

/// Whether rows of an earlier run stay in the copy.
bool keeps_rows(const TableJob& job) {
  return job.increment && !job.increment->first;
}

void compare(TableJob& job, const ColumnState& known, const CatalogColumn& column, const std::string& name) {
  std::vector<SchemaChange>& changes = job.plan.schema_changes;
  if (known.name != name) {
    job.history.renamed.emplace_back(known.name, name);
  }
  if (known.source_name != column.name) {
    job.history.source_renamed.emplace_back(known.source_name, column.name);
    changes.push_back({.kind = Kind::kRenamed,
                       .column = column.name,
                       .was = known.source_name,
                       .now = column.name,
                       .effect = known.name == name ? "it stays " + name + " in the copy" : ""});
  }
  if (known.source_type != column.type_display) {
    job.history.retyped = true;
    changes.push_back(
        {.kind = Kind::kRetyped, .column = column.name, .was = known.source_type, .now = column.type_display});
  }
  if (known.not_null != column.not_null) {
    changes.push_back({.kind = column.not_null ? Kind::kNotNull : Kind::kNullable, .column = column.name});
  }
}

void note_added(TableJob& job, const CatalogColumn& column, const std::string& effect) {
  job.plan.schema_changes.push_back(
      {.kind = Kind::kAdded, .column = column.name, .now = column.type_display, .effect = effect});
}

void note_gone(TableJob& job, const TableState& known, const std::set<const ColumnState*>& met) {
  for (const ColumnState& column : known.columns) {
    if (column.number == 0 || met.contains(&column)) {
      continue;
    }
    job.history.left.push_back(column.name);
    const bool there = std::ranges::any_of(job.table.columns, [&](const CatalogColumn& candidate) {
      return known_column(known, job.table, candidate) == &column;
    });
    if (!there) {
      const bool kept = job.settings.disposition.mode != config::Mode::kReplace;
      job.plan.schema_changes.push_back(
          {.kind = Kind::kDropped,
           .column = column.source_name,
           .was = column.source_type,
           .effect = kept ? "the copy keeps it, with NULL in rows that are added" : "the copy loses it too"});
    }
  }
}

ExistingColumn* find_column(std::vector<ExistingColumn>& columns, const std::string& name) {
  const auto found = std::ranges::find_if(
      columns, [&](const ExistingColumn& column) { return fold_case(column.name) == fold_case(name); });
  return found == columns.end() ? nullptr : &*found;
}

Error cannot_follow(const TableJob& job, const std::string& message) {
  return Error(ErrorKind::kConfig, message).set_hint(full_copy_hint(job));
}

/// Gives the columns of the copy the names that they have at the source.
void plan_renames(const TableJob& job, std::vector<ExistingColumn>& table, destination::Alterations& alterations) {
  std::vector<std::pair<ExistingColumn*, std::string>> renames;
  for (const auto& [old, fresh] : job.history.renamed) {
    if (ExistingColumn* column = find_column(table, old); column != nullptr) {
      renames.emplace_back(column, fresh);
    }
  }
  for (const auto& [column, fresh] : renames) {
    alterations.renamed.emplace_back(std::exchange(column->name, fresh), fresh);
  }
  std::set<std::string> names;
  for (const ExistingColumn& column : table) {
    if (!names.insert(fold_case(column.name)).second) {
      throw cannot_follow(job, fmt::format("column {} cannot take its new name in the copy, which keeps an older "
                                           "column of that name",
                                           column.name));
    }
  }
}

/// Fits one column of the copy to that of the staged rows.
/// @return why that cannot be; empty: it can
std::string fit_type(TableJob& job, destination::Session& session, std::size_t i, const ExistingColumn& old,
                     const std::string& type, destination::Alterations& alterations) {
  const Conversion how = types::conversion(old.type, type);
  const auto renamed = std::ranges::find(alterations.renamed, old.name, &std::pair<std::string, std::string>::second);
  const std::string& name_now = renamed == alterations.renamed.end() ? old.name : renamed->first;
  if (how == Conversion::kRefused ||
      (how == Conversion::kTry && destination::count_unfit(session, job.shape.name, name_now, type) > 0)) {
    return fmt::format("{}: {}, was {}", old.name, type, old.type);
  }
  if (how == Conversion::kWiden || how == Conversion::kTry) {
    alterations.retyped.emplace_back(old.name, type);
  } else if (how == Conversion::kHold) {
    job.plan.columns[i].target_type = old.type;
  }
  return {};
}

/// Columns that are not read any more are NULL in rows that are added.
void plan_kept_columns(const TableJob& job, std::vector<ExistingColumn>& table, destination::Alterations& alterations) {
  for (const std::string& name : job.history.left) {
    if (const ExistingColumn* old = find_column(table, name); old != nullptr && old->not_null) {
      alterations.nullable.push_back(old->name);
    }
  }
}

bool is_new(const TableJob& job, std::size_t i) {
  return i < job.columns.size() && !job.columns[i].is_side_text &&
         std::ranges::find(job.history.added, job.columns[i].source) != job.history.added.end();
}

/// Rows of the cursor's last value are read again, and known by their values.
/// @error Error(kConfig): those are other ones in an append
void check_growth(const TableJob& job, const ColumnState& state, const CatalogColumn& column) {
  const bool appends =
      job.increment->kind == destination::ChangeKind::kAppend && !job.increment->cursor.empty() && job.history.retyped;
  if (!appends) {
    return;
  }
  if (!types::is_growth(state.source_type, column.type_display)) {
    throw cannot_follow(job,
                        fmt::format("column {} was {} and is {} now, so that rows that were appended may have other "
                                    "values, by which they are not known again",
                                    column.name, state.source_type, column.type_display));
  }
  if (!state.expression.empty()) {
    throw cannot_follow(job,
                        fmt::format("types have changed, so that the expression of column {} may give other values "
                                    "for rows that were appended",
                                    column.name));
  }
}

}  // namespace

std::string full_copy_hint(const TableJob& job) {
  if (job.increment && job.increment->kind == destination::ChangeKind::kVersions) {
    return "let new versions begin: DROP TABLE " + job.shape.name.quoted() + " in the target";
  }
  return "make a whole new copy once: pg2duck sync --full --tables " + job.table.name.display();
}

const TableState* known_columns(const PlanInputs& inputs, const TableJob& job) {
  const TableState* copy = inputs.target.find_copy(job.shape.name);
  const bool tracked =
      copy != nullptr && std::ranges::any_of(copy->columns, [](const ColumnState& c) { return c.number != 0; });
  return tracked ? copy : nullptr;
}

const ColumnState* known_column(const TableState& known, const source::CatalogTable& table,
                                const CatalogColumn& column) {
  const bool same_table = known.oid == table.oid;
  const auto found = std::ranges::find_if(known.columns, [&](const ColumnState& state) {
    return same_table ? state.number == column.number : state.source_name == column.name;
  });
  return found == known.columns.end() ? nullptr : &*found;
}

void find_schema_changes(const PlanInputs& inputs, TableJob& job) {
  const TableState* known = known_columns(inputs, job);
  if (known == nullptr) {
    return;
  }
  const bool kept = job.settings.disposition.mode != config::Mode::kReplace;
  job.history.recreated = known->oid != job.table.oid;
  if (job.history.recreated && kept) {
    job.plan.schema_changes.push_back({.kind = Kind::kRecreated});
  }
  std::set<const ColumnState*> met;
  for (std::size_t i = 0; i < job.columns.size(); ++i) {
    if (job.columns[i].is_side_text) {
      continue;
    }
    const CatalogColumn& column = source_column(job, job.columns[i]);
    if (const ColumnState* state = known_column(*known, job.table, column); state != nullptr) {
      met.insert(state);
      compare(job, *state, column, job.shape.columns[i].name);
    } else {
      job.history.added.push_back(column.name);
      note_added(job, column, "");
    }
  }
  for (const std::string& name : job.history.ignored) {
    note_added(job, *std::ranges::find(job.table.columns, name, &CatalogColumn::name), "it is left out");
  }
  note_gone(job, *known, met);
}

void note_reading_again(TableJob& job) {
  if (!job.increment || !job.increment->again) {
    return;
  }
  const config::Disposition& disposition = job.settings.disposition;
  const std::string rows = disposition.initial.empty() ? "all rows" : "all rows from its initial value on";
  for (SchemaChange& change : job.plan.schema_changes) {
    if (change.kind == Kind::kRetyped || change.kind == Kind::kRecreated) {
      change.effect =
          disposition.end.empty() ? rows + " are read once more" : "the next run without end reads all rows once more";
    }
  }
}

void check_schema_changes(const PlanInputs& inputs, const TableJob& job) {
  const std::vector<SchemaChange>& changes = job.plan.schema_changes;
  if (job.settings.on_schema_change == config::OnSchemaChange::kFail && !changes.empty()) {
    std::vector<std::string> texts;
    for (const SchemaChange& change : changes) {
      texts.push_back(describe(change));
    }
    throw Error(ErrorKind::kSchemaDrift,
                fmt::format("it is not as it was when it was copied: {}", fmt::join(texts, "; ")))
        .set_hint("if what reads its copy can live with that: --on-schema-change apply, once, or in pg2duck.toml");
  }
  const TableState* known = known_columns(inputs, job);
  if (known == nullptr || !keeps_rows(job)) {
    return;
  }
  for (std::size_t i = 0; i < job.columns.size(); ++i) {
    const ColumnJob& column = job.columns[i];
    const ColumnState* state = known_column(*known, job.table, source_column(job, column));
    if (state == nullptr || column.is_side_text) {
      continue;
    }
    check_growth(job, *state, source_column(job, column));
    if (state->expression != job.plan.columns[i].expression) {
      throw cannot_follow(job, fmt::format("another expression made the values of column {} in the rows that are there",
                                           job.shape.columns[i].name));
    }
    const std::string& type = job.plan.columns[i].target_type;
    if (!types::is_adaptive(column.mapping) && types::conversion(state->target_type, type) == Conversion::kRefused) {
      throw cannot_follow(
          job, fmt::format("types have changed: {}: {}, was {}", job.shape.columns[i].name, type, state->target_type));
    }
  }
}

destination::Alterations alterations_of(TableJob& job, destination::Session& session) {
  std::vector<ExistingColumn> fresh = destination::existing_columns(session, job.staged);
  std::vector<ExistingColumn> table = destination::existing_columns(session, job.shape.name);
  destination::Alterations alterations;
  plan_renames(job, table, alterations);
  for (const ExistingColumn& column : table) {
    alterations.existing.push_back(column.name);
  }
  std::vector<std::string> refused;
  for (std::size_t i = 0; i < job.shape.columns.size(); ++i) {
    const destination::ColumnShape& column = job.shape.columns[i];
    ExistingColumn* old = find_column(table, column.name);
    const ExistingColumn* now = find_column(fresh, column.name);
    if (now == nullptr) {
      throw Error(ErrorKind::kBug, "a staged table lacks column " + column.name);
    }
    if (old == nullptr) {
      alterations.added.push_back(column);
      continue;
    }
    if (is_new(job, i)) {
      throw cannot_follow(job,
                          fmt::format("column {} is new, and the copy keeps an older one of that name", column.name));
    }
    if (std::string reason = fit_type(job, session, i, *old, now->type, alterations); !reason.empty()) {
      refused.push_back(std::move(reason));
    }
    if (old->not_null && !column.not_null) {
      alterations.nullable.push_back(old->name);
    }
  }
  if (!refused.empty()) {
    throw cannot_follow(job, fmt::format("types have changed: {}", fmt::join(refused, "; ")));
  }
  plan_kept_columns(job, table, alterations);
  return alterations;
}

std::vector<GoneTable> find_gone_tables(const std::vector<source::RelationEntry>& relations, const TargetState& target,
                                        const config::CopyOptions& options, const std::string& origin) {
  std::set<TableName> names;
  std::map<types::Oid, TableName> by_oid;
  for (const source::RelationEntry& relation : relations) {
    names.insert(relation.name);
    by_oid.emplace(relation.oid, relation.name);
  }
  const WantedTables wanted(options);
  std::vector<GoneTable> gone;
  for (const auto& [name, state] : target.tables) {
    const bool ours = state.origin == origin && target_name_of(state.source, options) == name &&
                      target.objects.contains(name.folded()) && wanted.contains(state.source);
    if (ours && !names.contains(state.source)) {
      const auto now = by_oid.find(state.oid);
      gone.push_back({.source = state.source,
                      .target = name,
                      .now = now == by_oid.end() ? std::nullopt : std::optional(now->second)});
    }
  }
  return gone;
}

}  // namespace pg2duck::sync
