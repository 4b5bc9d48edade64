#pragma once

#include <string>

#include "types/duckdb_type.hpp"

namespace pg2duck::destination {

/// SQL of `value`, which has type `from`, as a target keeps it (`stored_type`, `parquet_type`): the same, or text of it
/// or of its parts. A cast alone would not do: DuckDB 1.5.5 writes the offset +03:00:30 of a time as +03:30, and so two
/// values would be one.
std::string stored_sql(const std::string& value, const types::DuckType& from, const types::DuckType& to);

}  // namespace pg2duck::destination
