#pragma once

#include <vector>

#include "destination/targets/dialect.hpp"
#include "sync/load/table_change.hpp"
#include "sync/plan/table_job.hpp"
#include "sync/report.hpp"

namespace pg2duck::sync {

/// The columns whose type has changed since the last run because of their values alone: the source's is as it was.
/// @param columns  as the rows were staged
/// @param fitted   how they go into a copy that stays; null: they replace it
std::vector<SchemaChange> learnt_changes(const std::vector<PlannedColumn>& columns, const FittedChange* fitted,
                                         const destination::Capabilities& supports);

/// @error Error(kSchemaDrift) when there are `changes` of the table and the policy is to fail
void check_learnt(const TableJob& job, const std::vector<SchemaChange>& changes);

}  // namespace pg2duck::sync
