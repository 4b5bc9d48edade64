#pragma once

#include <duckdb.h>

#include "base/handle.hpp"
#include "destination/database.hpp"

namespace pg2duck::destination {

using DatabaseHandle = AddressHandle<duckdb_database, duckdb_close>;
using ConnectionHandle = AddressHandle<duckdb_connection, duckdb_disconnect>;

/// A DuckDB in this process's memory, as the options want it: threads, memory, nothing downloaded.
/// @error Error(kDestination)
DatabaseHandle open_instance(const DatabaseOptions& options, const Dialect& dialect);

/// @error Error(kDestination)
ConnectionHandle make_connection(duckdb_database database);

}  // namespace pg2duck::destination
