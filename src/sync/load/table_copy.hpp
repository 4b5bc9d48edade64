#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "destination/publish/table_change.hpp"
#include "destination/tables/table_ddl.hpp"
#include "sync/load/copy_context.hpp"
#include "sync/plan/table_job.hpp"

namespace pg2duck::sync {

/// A table whose rows are staged, and what they have shown.
struct LoadedTable {
  TableName staged;
  std::vector<PlannedColumn> columns;              ///< with the types that hold all values
  destination::TableShape shape;                   ///< of the staged table
  std::optional<destination::TableChange> change;  ///< how the rows go into a copy that stays; unset: they replace it
  std::map<std::string, std::string> held_types;   ///< of columns that keep a wider type in that copy, by name
};

/// What came of loading one table.
struct LoadResult {
  std::optional<LoadedTable> table;
  std::vector<TableName> staged;  ///< tables that stand in the target for it
  std::optional<Error> failure;   ///< why there is no table, with it named
};

/// Stages one table: creates it, loads it, counts it, adds key and comments, takes the preview. Times and counts go to
/// `report`, and where time was spent is added to `stages`, also when it fails.
/// @error nothing: what failed is in the result, kCountMismatch when the counts differ
LoadResult stage_table(const TableJob& job, CopyContext& context, TableReport& report, StageSeconds& stages);

}  // namespace pg2duck::sync
