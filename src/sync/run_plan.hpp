#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/options.hpp"
#include "destination/session/database.hpp"
#include "source/read/snapshot.hpp"
#include "sync/plan/table_job.hpp"
#include "sync/report.hpp"

namespace pg2duck::sync {

/// Plans a run with what the two sides have to say: which pages can be read, whether what the user wrote is sound,
/// where cursors stand, how Postgres finds their rows, how columns are compressed.
/// @param inputs   what is known without asking; the rest of it is asked here
/// @param database null: there is no target yet, and it is a dry run
/// @return biggest first; refusals are in the jobs
/// @error  as draft_tables; Error(kPermission) where pages are demanded and cannot be read; a lost server, an interrupt
std::vector<TableJob> plan_run(PlanInputs inputs, source::Snapshot& snapshot, destination::Database* database);

/// What the reports of the tables say before any of them is staged, in the order of the plan.
std::vector<TableReport> planned_reports(const std::vector<TableJob>& plan, const config::CopyOptions& options);

/// The schemas that the tables and last_sync_time go to, but for those that hold something already: of these it is
/// known that they are there.
std::vector<std::string> schemas_to_create(const std::vector<TableJob>& plan, const config::CopyOptions& options,
                                           const TargetState& found);

/// The error that ends an `--on-error abort` run when tables are refused: the first refusal, and how many more.
std::optional<Error> first_refusal(const std::vector<TableJob>& plan);

}  // namespace pg2duck::sync
