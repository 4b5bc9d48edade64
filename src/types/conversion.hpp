#pragma once

#include <string_view>

namespace pg2duck::types {

/// How values of one DuckDB type and values of another can stand in one column, none of them changed.
enum class Conversion {
  kNone,     ///< the types are the same
  kWiden,    ///< the column takes the second type, which holds every value of the first
  kTry,      ///< the same if the second type holds those values that there are
  kHold,     ///< the column keeps the first type, which holds every value of the second
  kRefused,  ///< neither, or it would change how values are written
};

/// From a column's type to the one that its new values have, both as DuckDB writes them. Lists as their elements.
Conversion conversion(std::string_view from, std::string_view to);

}  // namespace pg2duck::types
