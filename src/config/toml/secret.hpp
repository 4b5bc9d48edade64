#pragma once

#include <string_view>

#include "config/toml/value.hpp"

namespace pg2duck::config {

/// What the file holds that `node` names.
/// @error Error(kConfig), also when others than its owner can read it
Secret secret_of_file(const TomlDocument& document, const toml::key& key, const toml::node& node);

/// A secret that is written out, rather than referred to, makes the document a file of secrets. `noun` is what stands
/// there, "password"; it could also stand in a key of that name in [`section`].
/// @error Error(kConfig) when others can read the document
void refuse_exposed(const TomlDocument& document, const toml::key& key, std::string_view noun,
                    std::string_view section);

/// Whether `node` holds its value itself: it is no text, or one without ${NAME}.
bool is_written_out(const toml::node& node);

}  // namespace pg2duck::config
