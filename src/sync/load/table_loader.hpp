#pragma once

#include <optional>
#include <stop_token>
#include <vector>

#include "sync/load/table_copy.hpp"

namespace pg2duck::sync {

/// How the load of a plan went. What became of each table is in its report, too.
struct LoadOutcome {
  std::vector<LoadResult> tables;  ///< as many as the plan has; nothing of those that were not begun
  StageSeconds stages;             ///< where the readers spent their time
  /// The failure of a table that stopped the run, unless something else had stopped it before.
  std::optional<Error> failure;
};

/// Stages every table of `plan` that is not refused, `context.jobs` of them at once, the first ones first. One that
/// fails for a fault of its own has that in its report, where such tables are to be skipped; any other failure stops
/// the run.
/// @shape `reports` is parallel to `plan`; `stop` is what stops the context
LoadOutcome load_tables(CopyContext& context, const std::vector<TableJob>& plan, std::vector<TableReport>& reports,
                        std::stop_source& stop);

}  // namespace pg2duck::sync
