#pragma once

#include "config/settings/layers.hpp"
#include "config/toml/value.hpp"

namespace pg2duck::config {

/// Reads `source = "postgresql://..."`, `source_file = "..."`, or the section [source]: `url`, `password_file`, and the
/// keywords of libpq, which are added to the url. A password that stands in the document itself needs a private file.
/// @error Error(kConfig) with line and column
GivenSource read_toml_source(const TomlDocument& document, const toml::key& key, const toml::node& node);

}  // namespace pg2duck::config
