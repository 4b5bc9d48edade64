#pragma once

#include <filesystem>

#include "config/environment.hpp"
#include "config/settings/layers.hpp"

namespace pg2duck::config {

/// The name that is looked for in the working directory.
inline constexpr const char* kConfigurationFile = "pg2duck.toml";

/// Reads pg2duck.toml. `${NAME}` in any text becomes that environment variable, `$${` stands for itself. Files that it
/// names are relative to its own directory; what a key that ends in _file names must be readable by its owner alone,
/// and so must the file itself when it holds a password or a token.
/// @error Error(kConfig) with line and column: TOML that cannot be read, an unknown key with the nearest known one, a
///        value of the wrong kind, a variable that is not set, a secret that others can read
Layer read_toml_file(const std::filesystem::path& file, const Environment& environment);

}  // namespace pg2duck::config
