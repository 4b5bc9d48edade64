#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/connection.hpp"
#include "engine/error_text.hpp"

namespace pg2duck::engine {

/// All rows of a small result, as text; nullopt is NULL. Not for table data.
struct Rows {
  std::vector<std::string> columns;
  std::vector<std::vector<std::optional<std::string>>> rows;
};

/// Runs one statement or several. @return what the last one yields
/// @error as translate_error says with `rules`; Error(kBug) for a column of a type that has no text here: cast it to
///        VARCHAR in the SQL
Rows run_query(const Connection& connection, const std::string& sql, ErrorRules rules = {});

}  // namespace pg2duck::engine
