#pragma once

#include <span>
#include <string_view>

#include "base/error.hpp"

namespace pg2duck::destination {

/// The first rule whose fragment stands in DuckDB's text decides.
struct ErrorRule {
  std::string_view fragment;
  ErrorKind kind;
  std::string_view words;
  std::string_view hint;
};

/// What DuckDB said, as an Error in plain words with a hint. DuckDB's C API tells most failures apart
/// by their text only; this file and the dialects are the places that know those texts.
/// @param rules those of the target's kind, which go before the ones of all targets
/// @source DuckDB 1.5: src/common/local_file_system.cpp, src/storage/storage_info.cpp,
///         src/storage/single_file_block_manager.cpp, src/catalog, src/storage/data_table.cpp
Error translate_error(std::string_view text, std::span<const ErrorRule> rules = {});

}  // namespace pg2duck::destination
