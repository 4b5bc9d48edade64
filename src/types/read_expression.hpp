#pragma once

#include <string>

#include "types/mapping.hpp"

namespace pg2duck::types {

/// The expression to SELECT for `column` (SQL) so that its bytes are what the mapping says. A composite with a field
/// that must travel as text is put together again from its fields.
std::string read_expression(const Mapping& mapping, const std::string& column);

/// The expression for the text of `column` (SQL) as its type's output function writes it. Not a cast to text: some
/// types have one that prints another text, inet for example.
/// @shape `output_function` as PgType has it
std::string text_expression(const std::string& output_function, const std::string& column);

/// The expression for the text of those values of `column` that the mapping cannot hold; NULL for the others where
/// Postgres can tell them apart, so that they cost nothing on the way. `text` is the column's text as SQL.
std::string side_text_expression(const Mapping& mapping, const std::string& column, const std::string& text);

}  // namespace pg2duck::types
