#pragma once

#include <string_view>

namespace pg2duck::types {

/// Whether a column that had the type `was` and has `now` holds the values that it had, when Postgres has converted
/// them by itself, without USING: a greater integer, more digits or characters, text of what is written in one way
/// only. Arrays as their elements. Types of which nothing is known do not grow.
/// @param was, now  as format_type() writes them
bool is_growth(std::string_view was, std::string_view now);

}  // namespace pg2duck::types
