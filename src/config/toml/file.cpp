#include "config/toml/file.hpp"

#include <ranges>
#include <utility>

#include <fmt/format.h>

#include "config/private_file.hpp"
#include "config/target.hpp"
#include "config/toml/source.hpp"
#include "config/toml/table_section.hpp"
#include "config/toml/value.hpp"

namespace pg2duck::config {
namespace {

bool stands_in_file(const Setting& setting) {
  return setting.in_file;
}

Error no_setting(const TomlDocument& document, const toml::key& key) {
  const std::string name(key.str());
  const Setting* setting = find_setting(name);
  if (setting != nullptr && setting->kind != Setting::Kind::kList) {
    return toml_error(document, key.source(), name + " is for one run and does not stand in a file")
        .set_hint("give it on the command line: " + flag_of(name));
  }
  const std::vector<std::string> keys = top_level_keys();
  const std::vector<std::string_view> known(keys.begin(), keys.end());
  return unknown_key(document, key, "", known);
}

Given read_setting(const TomlDocument& document, const toml::key& key, const toml::node& node) {
  const Setting* setting = find_setting(key.str());
  if (setting == nullptr || !setting->in_file) {
    throw no_setting(document, key);
  }
  const bool list = setting->kind == Setting::Kind::kList;
  const bool quoted = list || setting->kind == Setting::Kind::kText;
  std::string example(setting->example);
  std::erase(example, '\'');
  example = toml_example(setting->name, example, quoted);
  std::vector<std::string> values = texts_of(document, node);
  if (setting->name == "target" && node.is_array()) {
    throw toml_error(document, node.source(), "a run has one target").set_hint(std::string(kSeveralTargetsHint));
  }
  // An empty list is a list; of anything else there is one.
  if (node.is_array() ? !list || (values.empty() && !node.as_array()->empty()) : values.empty()) {
    throw toml_error(document, node.source(), fmt::format("{} needs {}", setting->name, setting->needs))
        .set_hint("e.g. " + example);
  }
  return given_by(document, key, std::string(setting->name), std::move(values), std::move(example));
}

void read_top(const TomlDocument& document, const toml::key& key, const toml::node& node, Layer& layer) {
  if (key.str() == "source" || key.str() == "source_file") {
    if (layer.source) {
      throw toml_error(document, key.source(), "source and source_file exclude each other")
          .set_hint("keep one of them");
    }
    layer.source = read_toml_source(document, key, node);
  } else if (key.str() == "table") {
    read_table_sections(document, key, node, layer);
  } else {
    Given given = read_setting(document, key, node);
    // What has a scheme is no path.
    if (given.setting == "target" && !given.values[0].empty() && given.values[0].find(':') == std::string::npos) {
      given.values[0] = path_in(document, given.values[0]).string();
    }
    layer.values.push_back(std::move(given));
  }
}

}  // namespace

Layer read_toml_file(const std::filesystem::path& file, const Environment& environment) {
  FileText content = read_file(file);
  const TomlDocument document{.name = file.string(),
                              .directory = file.parent_path(),
                              .environment = environment,
                              .exposure = std::move(content.exposure)};
  const toml::table root = parse_toml(document, content.text);
  Layer layer;
  for (const toml::key* key : keys_in_order(root)) {
    read_top(document, *key, *root.get(key->str()), layer);
  }
  return layer;
}

std::vector<std::string> top_level_keys() {
  std::vector<std::string> keys{"source", "source_file", "table"};
  for (const Setting& setting : settings() | std::views::filter(stands_in_file)) {
    keys.emplace_back(setting.name);
  }
  return keys;
}

}  // namespace pg2duck::config
