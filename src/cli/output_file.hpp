#pragma once

#include <string>

namespace pg2duck::cli {

/// Creates the file; one that is there is an error unless `replace`.
/// @error Error(kUsage)
void create_file(const std::string& name, const std::string& text, bool replace);

/// Puts a whole file in the place of what is there: a reader sees the old one or the new one.
/// @error Error(kDestination)
void replace_file(const std::string& name, const std::string& text);

}  // namespace pg2duck::cli
