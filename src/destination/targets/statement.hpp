#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "destination/targets/database.hpp"
#include "destination/targets/error_text.hpp"

namespace pg2duck::destination {

/// Runs SQL on a raw `duckdb_connection`. The Session's functions are made of these.
/// @return rows that the last statement changed
/// @error  as translate_error says with `rules`; Error(kBug) for SQL with a NUL byte, which DuckDB would cut short
std::uint64_t run_statement(void* connection, const std::string& sql, std::span<const ErrorRule> rules = {});

/// The same for one statement with the parameter $1, which no text of SQL or error then holds.
void run_with_parameter(void* connection, const std::string& sql, const std::string& value);

/// @error also Error(kBug) for a column of a type that has no text here; cast it to VARCHAR in the SQL
Rows run_query(void* connection, const std::string& sql, std::span<const ErrorRule> rules = {});

}  // namespace pg2duck::destination
