#pragma once

#include <string_view>

#include "base/error.hpp"

namespace pg2duck::destination {

/// What DuckDB said, as an Error in plain words with a hint. DuckDB's C API tells most failures apart
/// by their text only; this is the one place that knows those texts.
/// @source DuckDB 1.5: src/common/local_file_system.cpp, src/storage/storage_info.cpp,
///         src/storage/single_file_block_manager.cpp, src/catalog, src/storage/data_table.cpp
Error translate_error(std::string_view text);

}  // namespace pg2duck::destination
