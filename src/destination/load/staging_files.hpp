#pragma once

#include <cstdint>
#include <vector>

#include "base/identifier.hpp"
#include "destination/load/batched_source.hpp"
#include "destination/session/session.hpp"
#include "destination/tables/table_ddl.hpp"

namespace pg2duck::destination {

// Rows on their way into a target through Parquet files: this process writes them, the target's engine reads them, and
// they are removed. Their names begin with the staged table's, by which the next run knows those of a run that was
// killed.

/// Loads all of `batches` into the table `as`: each batch as files that one statement of the target reads.
/// @pre    the session has a staging place, and `as` exists with the columns of `shape`
/// @return rows written
/// @error  as bulk_load; the files of the batch are removed
std::uint64_t load_through_files(Session& session, const TableShape& shape, const TableName& as,
                                 BatchedSource& batches);

/// Removes what a killed run left of these staged tables.
/// @pre the session has a staging place
void remove_staging_files(Session& session, const std::vector<TableName>& staged);

}  // namespace pg2duck::destination
