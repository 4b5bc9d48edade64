#pragma once

#include <span>
#include <string_view>

namespace pg2duck::destination {

/// Functions of DuckDB 1.5 that may return another value for the same arguments in another query: those that
/// duckdb_functions() does not call CONSISTENT, and local times, which it calls so. error() is left out: it is called
/// volatile only so that it is not evaluated early.
std::span<const std::string_view> varying_functions();

/// Whether one of them, or age() up to today, stands in `plan`, a query's plan as json_serialize_plan() writes it.
bool holds_varying_function(std::string_view plan);

}  // namespace pg2duck::destination
