#pragma once

#include "config/settings/layers.hpp"
#include "config/toml/value.hpp"

namespace pg2duck::config {

/// Reads the sections [table."pattern"], in the order in which they are written, into rules of `layer`.
/// @error Error(kConfig) with line and column
void read_table_sections(const TomlDocument& document, const toml::key& key, const toml::node& node, Layer& layer);

}  // namespace pg2duck::config
