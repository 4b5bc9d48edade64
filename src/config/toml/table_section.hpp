#pragma once

#include <string_view>
#include <vector>

#include "config/layers.hpp"
#include "config/toml/value.hpp"

namespace pg2duck::config {

/// Reads the sections [table."pattern"], in the order in which they are written, into rules of `layer`.
/// @error Error(kConfig) with line and column
void read_table_sections(const TomlDocument& document, const toml::key& key, const toml::node& node, Layer& layer);

/// What such a section may hold, and what the table of one of its columns may.
std::span<const std::string_view> table_section_keys();
std::span<const std::string_view> column_keys();

}  // namespace pg2duck::config
