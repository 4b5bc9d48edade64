#include "sync/run_plan.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "config/target.hpp"
#include "sync/fact_finder.hpp"
#include "sync/load/row_counts.hpp"
#include "sync/plan/page_plan.hpp"

namespace pg2duck::sync {
namespace {

/// What is asked of the server for reading pages; nothing when none are wanted.
void read_page_inputs(source::Snapshot& snapshot, PlanInputs& inputs) {
  const config::CopyOptions& options = inputs.options;
  bool demanded = false;
  std::vector<types::Oid> heaps;
  for (std::size_t i = 0; i < inputs.selection.size(); ++i) {
    const TableInputs table = inputs_of(inputs, i);
    if (could_read_pages(table)) {
      demanded |= table.settings.read == config::ReadMethod::kPages;
      for (const source::Leaf& leaf : table.table.leaves) {
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

/// What the target supports, as far as plans depend on it.
destination::Capabilities capabilities(const config::CopyOptions& options, const destination::Database* database) {
  destination::Capabilities supports = destination::dialect_of(destination::database_options(options)).supports;
  supports.compression = database == nullptr || database->dialect().supports.compression;
  return supports;
}

/// What the report of a table says before it is staged.
TableReport report_of_plan(const TableJob& job, bool limited) {
  TableReport report;
  report.source = job.table.name;
  report.target = job.write.table;
  report.limited = limited;
  report.mode = report.limited ? "limited" : "full";
  if (job.write.changes_copy()) {
    report.mode = config::to_string(job.settings.disposition.mode);
  }
  report.warnings = job.warnings;
  report.schema_changes = job.schema_changes;
  if (job.refusal) {
    report.status = TableStatus::kRefused;
    report.error = job.refusal;
  }
  return report;
}

}  // namespace

std::vector<TableJob> plan_run(PlanInputs inputs, source::Snapshot& snapshot, destination::Database* database) {
  read_page_inputs(snapshot, inputs);
  inputs.supports = capabilities(inputs.options, database);
  std::vector<TableDraft> drafts = draft_tables(inputs, find_expression_facts(inputs));
  std::optional<destination::Session> target;
  if (database != nullptr) {
    target = database->connect();
  }
  FactFinder finder(inputs, snapshot.connection(), target ? &*target : nullptr);
  finder.look_at_all(drafts);
  std::vector<TableJob> plan;
  plan.reserve(drafts.size());
  for (TableDraft& draft : drafts) {
    const TableFacts facts = draft.refusal ? TableFacts() : finder.facts_of(draft);
    plan.push_back(finish_table(inputs, std::move(draft), facts, plan.size() + 1));
  }
  if (!inputs.options.dry_run) {
    choose_counted(plan, snapshot.connection());
  }
  return plan;
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
      schemas.push_back(job.write.table.schema);
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
