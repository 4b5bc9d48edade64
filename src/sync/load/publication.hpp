#pragma once

#include <string>
#include <vector>

#include "destination/publish/publish.hpp"
#include "sync/load/table_copy.hpp"
#include "sync/plan/plan_inputs.hpp"
#include "sync/plan/table_job.hpp"
#include "sync/report.hpp"

namespace pg2duck::sync {

/// What the publishing transaction does with the staged tables: those that replace, those whose rows go into a table
/// that stays, and what the next run must know of them. Their reports become kPublished.
/// @shape `target` as it was before the run; `loaded` and `reports` are parallel to `plan`
destination::Publication publication_of(const std::vector<TableJob>& plan, const std::vector<LoadResult>& loaded,
                                        const TargetState& target, std::vector<TableReport>& reports);

}  // namespace pg2duck::sync
