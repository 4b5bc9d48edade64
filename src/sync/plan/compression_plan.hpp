#pragma once

#include <vector>

#include "destination/session/database.hpp"
#include "source/session/connection.hpp"
#include "sync/plan/plan.hpp"

namespace pg2duck::sync {

/// Says for each column of `jobs` how DuckDB compresses it, as `options.compression` asks: from the statistics of
/// Postgres, and from the table that will be replaced.
/// @shape `source` inside the snapshot; `target` is null in a dry run on a file that is not there
void plan_compression(const PlanInputs& inputs, source::Connection& source, destination::Session* target,
                      std::vector<TableJob>& jobs);

}  // namespace pg2duck::sync
