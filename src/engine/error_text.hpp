#pragma once

#include <span>
#include <string_view>

#include "base/error.hpp"

namespace pg2duck::engine {

/// A text of DuckDB's and what it means. Of several rules the first one whose fragment stands in the text decides.
struct ErrorRule {
  std::string_view fragment;
  ErrorKind kind;
  std::string_view sqlstate;  ///< empty: as `sqlstate_of` says
  std::string_view words;     ///< DuckDB's own come after them
  std::string_view hint;      ///< what mends it, whatever program this is; may be empty
};

/// Rules that hold for some statements, beside those of every DuckDB.
struct ErrorRules {
  std::span<const ErrorRule> first;  ///< before those
  std::span<const ErrorRule> last;   ///< for what none of the others knows
};

/// What DuckDB said, as an Error in plain words with SQLSTATE and hint. DuckDB's C API tells most failures apart by
/// their text only; `sqlstate.cpp`, this file and the rules handed in are the places that know those texts.
/// @source DuckDB 1.5: src/common/local_file_system.cpp, src/storage/storage_info.cpp,
///         src/storage/single_file_block_manager.cpp, src/catalog, src/storage/data_table.cpp
Error translate_error(std::string_view text, ErrorRules rules = {});

}  // namespace pg2duck::engine
