#pragma once

#include "base/handle.hpp"
#include "types/duckdb_type.hpp"

// As in duckdb.h, which stays out of headers.
struct _duckdb_logical_type;

namespace pg2duck::destination {

void destroy_logical_type(_duckdb_logical_type** type);

/// Owner of a `duckdb_logical_type`.
using LogicalType = AddressHandle<_duckdb_logical_type*, destroy_logical_type>;

/// The type as DuckDB's own object, children included.
/// @error Error(kBug) when DuckDB refuses it
LogicalType make_logical_type(const types::DuckType& type);

/// The other way round.
/// @error Error(kConfig) for a type that columns of a copy do not have
types::DuckType duck_type_of(_duckdb_logical_type* type);

}  // namespace pg2duck::destination
