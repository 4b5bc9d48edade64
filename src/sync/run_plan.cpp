#include "sync/run_plan.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "config/target.hpp"
#include "source/read/request_check.hpp"
#include "sync/plan/compression_plan.hpp"
#include "sync/plan/cursor_plan.hpp"
#include "sync/plan/index_plan.hpp"
#include "sync/plan/page_plan.hpp"

namespace pg2duck::sync {
namespace {

/// What is asked of the server for reading pages; nothing when none are wanted.
void read_page_inputs(source::Snapshot& snapshot, PlanInputs& inputs) {
  const config::CopyOptions& options = inputs.options;
  bool demanded = false;
  std::vector<types::Oid> heaps;
  for (const source::CatalogTable& table : inputs.catalog.tables) {
    if (could_read_pages(inputs, table)) {
      demanded |= config::settings_for(options, table.name).read == config::ReadMethod::kPages;
      for (const source::Leaf& leaf : table.leaves) {
        heaps.push_back(leaf.oid);
      }
    }
  }
  if (heaps.empty() || options.limit) {
    return;
  }
  inputs.page_access = source::find_page_access(snapshot.connection());
  if (inputs.page_access.by == source::PageAccess::By::kNobody) {
    if (demanded) {
      throw Error(ErrorKind::kPermission, "pages cannot be read: " + inputs.page_access.refusal)
          .set_hint(inputs.page_access.hint.empty() ? "read with --read copy" : inputs.page_access.hint);
    }
    return;
  }
  inputs.heaps = source::read_heaps(snapshot.connection(), heaps);
  inputs.snapshot_bounds = snapshot.bounds();
}

/// Has Postgres look at what the user wrote himself, before any row is read: casts, and conditions on rows.
void check_requests(TableJob& job, source::Connection& session) {
  const auto is_cast = [](const ColumnJob& column) { return column.mapping.send_as == types::SendAs::kCast; };
  if (job.refusal || (job.condition.empty() && std::ranges::none_of(job.columns, is_cast))) {
    return;
  }
  const auto fault = source::find_fault(session, job.table.name, read_request(job, std::nullopt));
  if (fault) {
    job.refusal = Error(ErrorKind::kConfig, fault->message())
                      .set_sqlstate(fault->sqlstate())
                      .set_hint(
                          "look at --column and --where for this table; names in a condition need their schema, "
                          "the search path is empty")
                      .add_context("table " + job.table.name.display());
  }
}

/// Where a target's tables can only be replaced, or not be divided.
void refuse_changes(const config::CopyOptions& options, std::vector<TableJob>& plan) {
  const destination::Dialect dialect = destination::dialect_of(destination::database_options(options));
  for (TableJob& job : plan) {
    if (job.increment && !dialect.supports.changes && !job.refusal) {
      job.refusal = Error(ErrorKind::kConfig, "in a target of this kind tables can only be replaced")
                        .set_hint("set mode = \"replace\" for this table, or copy into a file or a lake")
                        .add_context("table " + job.table.name.display());
    }
    if (!job.shape.partition_by.empty() && !dialect.supports.partitions && !job.refusal) {
      job.refusal = Error(ErrorKind::kConfig, "only a lake divides the files of its tables")
                        .set_hint("leave partition_by out, or copy into a lake: ducklake:shop.ducklake")
                        .add_context("table " + job.table.name.display());
    }
  }
}

/// What the report of a table says before it is staged.
TableReport report_of_plan(const TableJob& job, bool limited) {
  TableReport report;
  report.source = job.table.name;
  report.target = job.shape.name;
  report.limited = limited;
  report.mode = report.limited ? "limited" : "full";
  if (job.increment && !job.increment->first) {
    report.mode = config::to_string(job.settings.disposition.mode);
  }
  report.warnings = job.plan.warnings;
  report.schema_changes = job.plan.schema_changes;
  if (job.refusal) {
    report.status = TableStatus::kRefused;
    report.error = job.refusal;
  }
  return report;
}

}  // namespace

std::vector<TableJob> plan_run(PlanInputs inputs, source::Snapshot& snapshot, destination::Database* database) {
  source::Connection& session = snapshot.connection();
  read_page_inputs(snapshot, inputs);
  std::vector<TableJob> plan = make_plan(inputs);
  refuse_changes(inputs.options, plan);
  read_cursors(session, plan);
  std::optional<destination::Session> target;
  if (database != nullptr) {
    target = database->connect();
  }
  plan_compression(inputs, session, target ? &*target : nullptr, plan);
  for (TableJob& job : plan) {
    check_requests(job, session);
  }
  plan_index_use(session, plan);
  return plan;
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

std::vector<TableReport> planned_reports(const std::vector<TableJob>& plan, const config::CopyOptions& options) {
  std::vector<TableReport> reports;
  std::ranges::transform(plan, std::back_inserter(reports),
                         [&](const TableJob& job) { return report_of_plan(job, options.limit.has_value()); });
  return reports;
}

std::vector<std::string> schemas_to_create(const std::vector<TableJob>& plan, const config::CopyOptions& options,
                                           const TargetState& found) {
  std::vector<std::string> schemas{last_sync_schema(options)};
  for (const TableJob& job : plan) {
    if (!job.refusal) {
      schemas.push_back(job.shape.name.schema);
    }
  }
  std::ranges::sort(schemas);
  schemas.erase(std::unique(schemas.begin(), schemas.end()), schemas.end());
  std::erase_if(schemas, [&found](const std::string& schema) {
    const auto first = found.objects.lower_bound({.schema = fold_case(schema), .name = ""});
    return first != found.objects.end() && first->first.schema == fold_case(schema);
  });
  return schemas;
}

std::optional<Error> first_refusal(const std::vector<TableJob>& plan) {
  std::optional<Error> first;
  std::size_t count = 0;
  for (const TableJob& job : plan) {
    if (job.refusal) {
      ++count;
      if (!first) {
        first = job.refusal;
      }
    }
  }
  if (count > 1) {
    first->set_hint(first->hint() + " (" + std::to_string(count - 1) +
                    " more tables are refused: --dry-run lists them)");
  }
  return first;
}

}  // namespace pg2duck::sync
