#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

#include "base/error.hpp"
#include "config/environment.hpp"
#include "config/settings/layers.hpp"

namespace pg2duck::config {

/// What reading a TOML document shares: how it is called in messages, and where `${NAME}` comes from.
struct TomlDocument {
  std::string name;                 ///< "pg2duck.toml"
  std::filesystem::path directory;  ///< what it names is relative to it
  const Environment& environment;
  std::string exposure;  ///< why the file is not private (config/private_file.hpp); empty when it is
};

/// "pg2duck.toml:3:8" of a node or a key.
std::string place_of(const TomlDocument& document, const toml::source_region& region);
/// "pg2duck.toml:3", for people who ask where a value came from.
std::string line_of(const TomlDocument& document, const toml::source_region& region);

Error toml_error(const TomlDocument& document, const toml::source_region& region, const std::string& message);

/// Parses `text`.
/// @error Error(kConfig) with line and column
toml::table parse_toml(const TomlDocument& document, std::string_view text);

/// `text` with `${NAME}` replaced by the environment.
/// @error Error(kConfig) for a variable that is not set, or a brace that is left open
std::string with_references(const TomlDocument& document, const toml::source_region& region, const std::string& text);

/// The text of a date, a time or both, as Postgres reads it; nullopt: it is none.
std::optional<std::string> time_text(const toml::node& node);

/// Texts of a value as a setting takes them: a string (references replaced), number, boolean or time as one, an array
/// of such as several. Empty: it is something else.
std::vector<std::string> texts_of(const TomlDocument& document, const toml::node& node);

/// The one text of `node`.
/// @error Error(kConfig): it is a list or a table, and `key` needs what `needs` says
std::string text_of(const TomlDocument& document, const toml::key& key, const toml::node& node, std::string_view needs);

/// Whether `key` is one that stands outside of sections.
bool stands_at_the_top(std::string_view key);

/// The error for a key that is none of `known`; `place` follows its name, as " in [source]". A key of the top is told
/// where it belongs: in TOML all that follows a section's line is of that section.
Error unknown_key(const TomlDocument& document, const toml::key& key, std::string_view place,
                  std::span<const std::string_view> known);

/// What `key` of the file says about `setting`.
Given given_by(const TomlDocument& document, const toml::key& key, std::string setting, std::vector<std::string> values,
               std::string good);

/// `name`, relative to the file's directory.
std::filesystem::path path_in(const TomlDocument& document, const std::string& name);

/// Keys of `table` in the order of the file, which TOML's own order does not keep.
std::vector<const toml::key*> keys_in_order(const toml::table& table);

}  // namespace pg2duck::config
