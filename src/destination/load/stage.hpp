#pragma once

#include <cstdint>

#include "base/identifier.hpp"
#include "destination/load/bulk_load.hpp"
#include "destination/session/session.hpp"
#include "destination/tables/table_ddl.hpp"

namespace pg2duck::destination {

/// Creates the table `as` and loads all that `source` produces into it, in batches where the dialect wants them.
/// @pre    nothing is called `as`, nor was since the session began: a remote catalog is remembered here, and rows for a
///         table that was dropped by text go nowhere, without an error (DuckDB 1.5.5). Its schema is older than the
///         session.
/// @return rows loaded, as DuckDB counts them
/// @error  as bulk_load; what is left of the table is for the caller to drop
std::uint64_t stage(Session& session, const TableShape& shape, const TableName& as, ChunkSource& source);

}  // namespace pg2duck::destination
