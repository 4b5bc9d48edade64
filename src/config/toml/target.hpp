#pragma once

#include <string>

#include "config/toml/value.hpp"

namespace pg2duck::config {

/// The target that `text`, which stands at `node`, names: the path of a file is relative to the document's directory.
/// @error Error(kConfig) with line and column: it names no kind of target
std::string target_in(const TomlDocument& document, const toml::node& node, const std::string& text);

/// Reads the section [target]: `url`, and `token` or `token_file` for a target that is opened with one. A token that
/// stands in the document itself needs a private file.
/// @error Error(kConfig) with line and column
void read_toml_target(const TomlDocument& document, const toml::table& section, Layer& layer);

}  // namespace pg2duck::config
