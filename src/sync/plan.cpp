#include "sync/plan.hpp"

#include <algorithm>
#include <utility>

#include "base/identifier.hpp"

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

std::string read_method(const PlanInputs& inputs, const TableJob& job) {
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

/// Two columns that DuckDB would take for one.
std::optional<Error> column_collision(const CatalogTable& table) {
  std::map<std::string, std::string> seen;
  for (const source::CatalogColumn& column : table.columns) {
    const auto [other, fresh] = seen.emplace(fold_case(column.name), column.name);
    if (!fresh) {
      return Error(ErrorKind::kConfig, "columns " + quote_identifier(other->second) + " and " +
                                           quote_identifier(column.name) +
                                           " differ only in case, which DuckDB does not tell apart")
          .set_hint("copy a view that renames one of them, or leave the table out with --exclude");
    }
  }
  return std::nullopt;
}

std::optional<Error> target_conflict(const PlanInputs& inputs, const TableName& target) {
  const TableName folded{fold_case(target.schema), fold_case(target.name)};
  const auto existing = inputs.target.objects.find(folded);
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

void add_columns(const source::Catalog& catalog, TableJob& job) {
  for (const source::CatalogColumn& column : job.table.columns) {
    try {
      types::Mapping mapping = types::map_type(catalog.types, column.type, column.typmod);
      job.select_list += (job.select_list.empty() ? "" : ", ") + quote_identifier(column.name) + mapping.cast;
      job.shape.columns.push_back({column.name, mapping.target, column.not_null, column.comment});
      job.plan.columns.push_back({column.name, types::pg_type_display(catalog.types, column.type, column.typmod),
                                  mapping.target.sql(), mapping.note});
      job.mappings.push_back(std::move(mapping));
    } catch (Error& error) {
      throw error.add_context("column " + column.name);
    }
  }
  if (job.table.columns.empty()) {
    job.shape.columns.push_back(
        {kNoColumns,
         {.id = types::DuckTypeId::kBoolean, .width = 0, .scale = 0, .children = {}, .names = {}},
         false,
         ""});
    job.plan.warnings.push_back(std::string("the table has no columns: the target gets one named ") + kNoColumns +
                                ", always NULL, so that its rows can be counted");
  }
}

void check_row_security(const CatalogTable& table) {
  if (table.row_security_active) {
    throw Error(ErrorKind::kPermission, "row-level security would hide rows from this user")
        .set_hint("read as the owner or as a role with BYPASSRLS, or leave the table out with --exclude");
  }
}

TableJob make_job(const PlanInputs& inputs, std::size_t index) {
  const Selected& selected = inputs.selection[index];
  TableJob job;
  job.table = inputs.catalog.tables[index];
  job.shape.name = selected.target;
  job.shape.comment = job.table.comment;
  job.plan.source = job.table.name;
  job.plan.target = selected.target;
  job.plan.kind = kind_name(job.table.kind);
  job.plan.bytes = source_bytes(job.table);
  job.plan.estimated_rows = job.table.estimated_rows;
  if (inputs.options.primary_keys) {
    job.shape.primary_key = job.table.primary_key;
  }
  if (job.table.kind == RelationKind::kForeign) {
    job.plan.warnings.emplace_back("a foreign table is read live: its rows are not part of the snapshot");
  }
  try {
    check_row_security(job.table);
    for (const auto& problem : {column_collision(job.table), target_conflict(inputs, selected.target)}) {
      if (problem) {
        throw Error(*problem);
      }
    }
    add_columns(inputs.catalog, job);
  } catch (Error& error) {
    job.refusal = error.add_context("table " + job.table.name.display());
    return job;
  }
  job.ranges = source::split_ranges(job.table, {.block_bytes = inputs.block_bytes,
                                                .tid_ranges = inputs.server_version >= kFirstVersionWithTidRangeScan,
                                                .readers = inputs.readers,
                                                .limit = inputs.options.limit});
  job.plan.ranges = job.ranges.size();
  job.plan.read = read_method(inputs, job);
  return job;
}

}  // namespace

std::vector<TableJob> make_plan(const PlanInputs& inputs) {
  std::vector<TableJob> jobs;
  jobs.reserve(inputs.selection.size());
  for (std::size_t i = 0; i < inputs.selection.size(); ++i) {
    jobs.push_back(make_job(inputs, i));
  }
  // Biggest first: small tables then fill the gaps at the end.
  std::ranges::stable_sort(jobs, [](const TableJob& a, const TableJob& b) { return a.plan.bytes > b.plan.bytes; });
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    jobs[i].staged = {jobs[i].shape.name.schema, destination::kStagedPrefix + std::to_string(i + 1)};
  }
  return jobs;
}

}  // namespace pg2duck::sync
