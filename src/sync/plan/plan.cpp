#include "sync/plan/plan.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/identifier.hpp"
#include "sync/plan/page_plan.hpp"
#include "sync/plan/table_change.hpp"

namespace pg2duck::sync {
namespace {

using source::CatalogTable;
using source::RelationKind;

constexpr int kFirstVersionWithTidRangeScan = 140000;

std::string kind_name(RelationKind kind) {
  switch (kind) {
    case RelationKind::kTable:
      return "table";
    case RelationKind::kPartitioned:
      return "partitioned table";
    case RelationKind::kView:
      return "view";
    case RelationKind::kMaterializedView:
      return "materialized view";
    case RelationKind::kForeign:
      return "foreign table";
  }
  return "table";
}

std::uint64_t source_bytes(const CatalogTable& table) {
  std::uint64_t bytes = 0;
  for (const source::Leaf& leaf : table.leaves) {
    bytes += leaf.heap_bytes + leaf.toast_bytes;
  }
  return bytes;
}

std::string copy_method(const PlanInputs& inputs, const TableJob& job) {
  if (job.settings.read == config::ReadMethod::kGentle) {
    return "copy of the whole table";
  }
  if (job.ranges.size() > 1) {
    return "copy in ranges";
  }
  if (inputs.options.limit) {
    return "copy in one piece: limited";
  }
  if (job.table.kind == RelationKind::kView || job.table.kind == RelationKind::kForeign) {
    return "copy in one piece: " + kind_name(job.table.kind);
  }
  if (inputs.server_version < kFirstVersionWithTidRangeScan) {
    return "copy in one piece: the server is older than 14";
  }
  return "copy in one piece";
}

/// Decides how the table is read, and cuts it into ranges for that.
void plan_reading(const PlanInputs& inputs, TableJob& job) {
  const std::string no_pages = plan_pages(inputs, job);
  const bool gentle = job.settings.read == config::ReadMethod::kGentle;
  job.ranges =
      source::split_ranges(job.table, {.block_bytes = inputs.block_bytes,
                                       .tid_ranges = inputs.server_version >= kFirstVersionWithTidRangeScan && !gentle,
                                       .readers = inputs.readers,
                                       .closed = job.pages.has_value(),
                                       .limit = inputs.options.limit});
  job.plan.ranges = job.ranges.size();
  if (job.pages) {
    job.plan.read = "pages";
  } else if (job.settings.read == config::ReadMethod::kAuto || job.settings.read == config::ReadMethod::kPages) {
    job.plan.read = copy_method(inputs, job) + " (no pages: " + no_pages + ")";
  } else {
    job.plan.read = copy_method(inputs, job);
  }
}

std::optional<Error> target_conflict(const PlanInputs& inputs, const TableName& target) {
  const auto existing = inputs.target.objects.find(target.folded());
  if (inputs.options.force || existing == inputs.target.objects.end()) {
    return std::nullopt;
  }
  if (existing->second == destination::Existing::kView) {
    return Error(ErrorKind::kConflict, "the target has a view named " + target.display())
        .set_hint("drop the view, or let it be replaced with --force");
  }
  if (!inputs.options.limit) {
    return std::nullopt;
  }
  const auto state = inputs.target.tables.find(target);
  if (state != inputs.target.tables.end() && state->second.limited) {
    return std::nullopt;
  }
  return Error(ErrorKind::kConflict, "a limited copy would replace the full table " + target.display())
      .set_hint("copy into another file, or add --force if the full copy may go");
}

void check_row_security(const CatalogTable& table) {
  if (table.row_security_active) {
    throw Error(ErrorKind::kPermission, "row-level security would hide rows from this user")
        .set_hint("read as the owner or as a role with BYPASSRLS, or leave the table out with --exclude");
  }
}

/// Indexes of the rules and filters that were of use.
struct Used {
  std::set<std::size_t> rules;
  std::set<std::size_t> filters;
};

void plan_filter(const PlanInputs& inputs, TableJob& job, std::set<std::size_t>& used) {
  for (std::size_t i = 0; i < inputs.options.where.size(); ++i) {
    if (inputs.options.where[i].tables.matches(job.table.name)) {
      job.condition = inputs.options.where[i].condition;
      used.insert(i);
    }
  }
  if (!job.condition.empty()) {
    job.plan.warnings.push_back("only rows where " + job.condition);
  }
}

bool is_copied(const PlanInputs& inputs, const config::TablePattern& pattern) {
  return std::ranges::any_of(inputs.catalog.tables,
                             [&pattern](const CatalogTable& table) { return pattern.matches(table.name); });
}

/// "nearest: orders.total", of the tables that the rule is about, or of all when none of them is copied.
std::string nearest_columns(const PlanInputs& inputs, const config::ColumnRule& rule) {
  const bool of_all = !is_copied(inputs, rule.tables);
  std::vector<TableName> names;
  for (const CatalogTable& table : inputs.catalog.tables) {
    for (const source::CatalogColumn& column : table.columns) {
      if (of_all || rule.tables.matches(table.name)) {
        names.push_back({table.name.name, column.name});
      }
    }
  }
  std::string near;
  for (const std::string& name : config::nearest_names(rule.columns.text(), names)) {
    near += (near.empty() ? "" : ", ") + name;
  }
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
  std::string near;
  for (const std::string& name : config::nearest_names(pattern.text(), names)) {
    near += (near.empty() ? "" : ", ") + name;
  }
  return "did you mean " + near + "? --dry-run lists the tables";
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

void check_all_used(const PlanInputs& inputs, const Used& used) {
  for (std::size_t i = 0; i < inputs.options.columns.size(); ++i) {
    const config::ColumnRule& rule = inputs.options.columns[i];
    if (!used.rules.contains(i) && !rule.may_match_nothing && !may_be_idle(inputs, rule.tables)) {
      throw Error(ErrorKind::kConfig, "column rule '" + rule.text + "' matches no column of the tables to copy")
          .set_hint(nearest_columns(inputs, rule));
    }
  }
  for (std::size_t i = 0; i < inputs.options.where.size(); ++i) {
    const config::RowFilter& filter = inputs.options.where[i];
    if (!used.filters.contains(i) && !filter.may_match_nothing && !may_be_idle(inputs, filter.tables)) {
      throw Error(ErrorKind::kConfig, "row filter '" + filter.text + "' matches none of the tables to copy")
          .set_hint(nearest_tables(inputs, filter.tables));
    }
  }
  for (const config::TableRule& rule : inputs.options.table_rules) {
    if (!rule.may_match_nothing && !is_copied(inputs, rule.tables) && !is_about_known_table(inputs, rule.tables)) {
      throw Error(ErrorKind::kConfig, rule.text + " matches none of the tables to copy")
          .set_hint(nearest_tables(inputs, rule.tables));
    }
  }
}

void plan_partitions(TableJob& job) {
  for (const config::PartitionKey& key : job.settings.partition_by) {
    if (std::ranges::none_of(job.shape.columns, [&](const destination::ColumnShape& column) {
          return fold_case(column.name) == fold_case(key.column);
        })) {
      throw Error(ErrorKind::kConfig, "its files are to be divided by " + key.column + ", and no column is called so")
          .set_hint(
              "name a column of the copy; one with other characters than letters, digits and _ goes between \"\"");
    }
  }
  job.shape.partition_by = job.settings.partition_by;
}

TableJob make_job(const PlanInputs& inputs, std::size_t index, Used& used) {
  const Selected& selected = inputs.selection[index];
  TableJob job;
  job.table = inputs.catalog.tables[index];
  job.settings = config::settings_for(inputs.options, job.table.name);
  job.shape.name = selected.target;
  job.shape.comment = job.table.comment;
  job.plan.source = job.table.name;
  job.plan.target = selected.target;
  job.plan.kind = kind_name(job.table.kind);
  job.plan.bytes = source_bytes(job.table);
  job.plan.estimated_rows = job.table.estimated_rows;
  if (job.settings.primary_keys) {
    job.shape.primary_key = job.table.primary_key;
  }
  if (job.table.kind == RelationKind::kForeign) {
    job.plan.warnings.emplace_back("a foreign table is read live: its rows are not part of the snapshot");
  }
  try {
    check_row_security(job.table);
    if (const auto problem = target_conflict(inputs, selected.target)) {
      throw Error(*problem);
    }
    plan_columns(inputs, job, used.rules);
    plan_filter(inputs, job, used.filters);
    plan_partitions(job);
    find_schema_changes(inputs, job);
    plan_increment(inputs, job);
    note_reading_again(job);
    check_versions_are_kept(inputs, job);
    check_schema_changes(inputs, job);
  } catch (Error& error) {
    job.refusal = error.add_context("table " + job.table.name.display());
    return job;
  }
  plan_reading(inputs, job);
  if (job.increment) {
    job.increment->whole_ranges = job.ranges;
  }
  job.plan.read += increment_text(job);
  return job;
}

}  // namespace

const destination::TableState* TargetState::find_copy(const TableName& target) const {
  const auto state = tables.find(target);
  return state != tables.end() && objects.contains(target.folded()) ? &state->second : nullptr;
}

std::vector<TableJob> make_plan(const PlanInputs& inputs) {
  std::vector<TableJob> jobs;
  jobs.reserve(inputs.selection.size());
  Used used;
  for (std::size_t i = 0; i < inputs.selection.size(); ++i) {
    jobs.push_back(make_job(inputs, i, used));
  }
  // A table that is refused was not planned to its end, and has the more important error.
  if (std::ranges::none_of(jobs, [](const TableJob& job) { return job.refusal.has_value(); })) {
    check_all_used(inputs, used);
  }
  // Biggest first: small tables then fill the gaps at the end.
  std::ranges::stable_sort(jobs, [](const TableJob& a, const TableJob& b) { return a.plan.bytes > b.plan.bytes; });
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    jobs[i].staged = {jobs[i].shape.name.schema, destination::kStagedPrefix + std::to_string(i + 1)};
  }
  return jobs;
}

}  // namespace pg2duck::sync
