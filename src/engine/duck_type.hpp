#pragma once

#include <optional>

#include "base/handle.hpp"
#include "engine/native.hpp"
#include "types/duckdb_type.hpp"

namespace pg2duck::engine {

void destroy_logical_type(_duckdb_logical_type** type);

/// Owner of a `duckdb_logical_type`.
using LogicalType = AddressHandle<_duckdb_logical_type*, destroy_logical_type>;

/// The type as DuckDB's own object, children included.
/// @error Error(kBug) when DuckDB refuses it
LogicalType make_logical_type(const types::DuckType& type);

/// The other way round, for the types that an expression gives a column of a copy: scalars and lists of them.
/// @return nullopt for another one
std::optional<types::DuckType> duck_type_of(_duckdb_logical_type* type);

}  // namespace pg2duck::engine
