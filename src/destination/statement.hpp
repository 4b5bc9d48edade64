#pragma once

#include <cstdint>
#include <string>

#include "destination/database.hpp"

namespace pg2duck::destination {

/// Runs SQL on a raw `duckdb_connection`. The Session's functions are made of these three.
/// @return rows that the last statement changed
/// @error  as translate_error says; Error(kBug) for SQL with a NUL byte, which DuckDB would cut short
std::uint64_t run_statement(void* connection, const std::string& sql);

/// The same for one statement that other threads work on too. DuckDB's own way to wait for them is to ask without a
/// pause.
std::uint64_t run_long_statement(void* connection, const std::string& sql);

/// @error also Error(kBug) for a column of a type that has no text here; cast it to VARCHAR in the SQL
Rows run_query(void* connection, const std::string& sql);

}  // namespace pg2duck::destination
