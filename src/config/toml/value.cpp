#include "config/toml/value.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/spelling.hpp"
#include "config/settings/index.hpp"

namespace pg2duck::config {
namespace {

std::string scalar_text(const TomlDocument& document, const toml::node& node, bool& understood) {
  if (const auto* text = node.as_string()) {
    return with_references(document, node.source(), text->get());
  }
  if (const auto* number = node.as_integer()) {
    return std::to_string(number->get());
  }
  if (const auto* number = node.as_floating_point()) {
    return fmt::format("{}", number->get());
  }
  if (const auto* value = node.as_boolean()) {
    return value->get() ? "true" : "false";
  }
  const std::optional<std::string> time = time_text(node);
  understood = understood && time.has_value();
  return time.value_or("");
}

}  // namespace

std::optional<std::string> time_text(const toml::node& node) {
  std::ostringstream text;
  if (const auto* date = node.as_date()) {
    text << date->get();
  } else if (const auto* time = node.as_time()) {
    text << time->get();
  } else if (const auto* both = node.as_date_time()) {
    text << both->get();
  } else {
    return std::nullopt;
  }
  return text.str();
}

std::string place_of(const TomlDocument& document, const toml::source_region& region) {
  return fmt::format("{}:{}:{}", document.name, region.begin.line, region.begin.column);
}

std::string line_of(const TomlDocument& document, const toml::source_region& region) {
  return fmt::format("{}:{}", document.name, region.begin.line);
}

Error toml_error(const TomlDocument& document, const toml::source_region& region, const std::string& message) {
  return {ErrorKind::kConfig, place_of(document, region) + ": " + message};
}

namespace {

/// For a line at which TOML gave up.
std::string parse_hint(std::string_view line) {
  for (const std::string_view name : {"source", "target"}) {
    if (line.starts_with(fmt::format("[{}]", name))) {
      return fmt::format("{} is a text or a section: what {} = \"...\" says is url = \"...\" in [{}]", name, name,
                         name);
    }
  }
  return "texts stand between quotes: key = \"value\"; https://toml.io says how TOML is written";
}

std::string_view line_at(std::string_view text, std::size_t number) {
  while (number > 1 && !text.empty()) {
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
    --number;
  }
  return text.substr(0, text.find('\n'));
}

}  // namespace

toml::table parse_toml(const TomlDocument& document, std::string_view text) {
  try {
    return toml::parse(text, document.name);
  } catch (const toml::parse_error& error) {
    throw toml_error(document, error.source(), std::string(error.description()))
        .set_hint(parse_hint(line_at(text, error.source().begin.line)));
  }
}

std::string with_references(const TomlDocument& document, const toml::source_region& region, const std::string& text) {
  std::string result;
  std::size_t at = 0;
  while (true) {
    const std::size_t found = text.find("${", at);
    result += text.substr(at, found - at);
    if (found == std::string::npos) {
      return result;
    }
    if (found > at && text[found - 1] == '$') {
      result += '{';
      at = found + 2;
      continue;
    }
    const std::size_t end = text.find('}', found);
    if (end == std::string::npos) {
      throw toml_error(document, region, "a ${ is left open").set_hint("write ${NAME}, or $${ for the characters ${");
    }
    const std::string name = text.substr(found + 2, end - found - 2);
    const auto value = document.environment(name.c_str());
    if (!value) {
      throw toml_error(document, region, fmt::format("the environment variable {} is not set", name))
          .set_hint(fmt::format("export {}=..., or write $${{ for the characters ${{", name));
    }
    result += *value;
    at = end + 1;
  }
}

std::vector<std::string> texts_of(const TomlDocument& document, const toml::node& node) {
  std::vector<std::string> texts;
  bool understood = true;
  if (const auto* list = node.as_array()) {
    for (const toml::node& element : *list) {
      texts.push_back(scalar_text(document, element, understood));
    }
  } else {
    texts.push_back(scalar_text(document, node, understood));
  }
  return understood ? texts : std::vector<std::string>();
}

std::string text_of(const TomlDocument& document, const toml::key& key, const toml::node& node,
                    std::string_view needs) {
  const std::vector<std::string> texts = texts_of(document, node);
  if (node.is_array() || texts.size() != 1) {
    throw toml_error(document, node.source(), fmt::format("{} needs {}", key.str(), needs))
        .set_hint(fmt::format("{} = \"...\"", key.str()));
  }
  return texts.front();
}

bool stands_at_the_top(std::string_view key) {
  return find_setting(key, &Places::top) != nullptr;
}

Error unknown_key(const TomlDocument& document, const toml::key& key, std::string_view place,
                  std::span<const std::string_view> known) {
  Error error = toml_error(document, key.source(), fmt::format("unknown key {}{}", key.str(), place));
  if (!place.empty() && stands_at_the_top(key.str())) {
    return error.set_hint(fmt::format("{} stands at the top of the file, before the first [section]", key.str()));
  }
  const std::optional<std::string> nearest = nearest_word(key.str(), known);
  return error.set_hint(nearest ? fmt::format("did you mean {}?", *nearest)
                                : fmt::format("known are {}", fmt::join(known, ", ")));
}

Given given_by(const TomlDocument& document, const toml::key& key, std::string setting, std::vector<std::string> values,
               std::string good) {
  return {.setting = std::move(setting),
          .values = std::move(values),
          .label = place_of(document, key.source()) + ": " + std::string(key.str()),
          .origin = line_of(document, key.source()),
          .good = std::move(good)};
}

std::filesystem::path path_in(const TomlDocument& document, const std::string& name) {
  return document.directory.empty() ? std::filesystem::path(name) : document.directory / name;
}

std::vector<const toml::key*> keys_in_order(const toml::table& table) {
  std::vector<const toml::key*> keys;
  for (const auto& [key, node] : table) {
    keys.push_back(&key);
  }
  std::ranges::sort(keys, [](const toml::key* left, const toml::key* right) {
    const auto& a = left->source().begin;
    const auto& b = right->source().begin;
    return a.line != b.line ? a.line < b.line : a.column < b.column;
  });
  return keys;
}

}  // namespace pg2duck::config
