#include "config/toml/file.hpp"

#include <utility>

#include <fmt/format.h>

#include "config/private_file.hpp"
#include "config/settings/index.hpp"
#include "config/target.hpp"
#include "config/toml/source.hpp"
#include "config/toml/table_section.hpp"
#include "config/toml/target.hpp"
#include "config/toml/value.hpp"

namespace pg2duck::config {
namespace {

Error no_setting(const TomlDocument& document, const toml::key& key) {
  const std::string name(key.str());
  const Setting* setting = find_setting(name);
  if (setting != nullptr && setting->kind != Setting::Kind::kList) {
    return toml_error(document, key.source(), name + " is for one run and does not stand in a file")
        .set_hint("give it on the command line: " + flag_of(name));
  }
  if (find_setting(name, &Places::table) != nullptr) {
    return toml_error(document, key.source(), "unknown key " + name)
        .set_hint(name + " stands in the section of a table: [table.\"public.orders\"]");
  }
  return unknown_key(document, key, "", names_in(&Places::top));
}

/// What a section would be called that somebody meant by a key of another kind.
std::string_view section_hint(const Setting& setting, const toml::node& node) {
  return setting.name == "tables" && node.is_table() ? "; the section of a table is [table.\"public.orders\"]" : "";
}

Given read_setting(const TomlDocument& document, const toml::key& key, const toml::node& node) {
  const Setting* setting = find_setting(key.str(), &Places::top);
  if (setting == nullptr) {
    throw no_setting(document, key);
  }
  const bool list = setting->kind == Setting::Kind::kList;
  std::vector<std::string> values = texts_of(document, node);
  if (setting->name == "target" && node.is_array()) {
    throw toml_error(document, node.source(), "a run has one target").set_hint(std::string(kSeveralTargetsHint));
  }
  // An empty list is a list; of anything else there is one.
  if (node.is_array() ? !list || (values.empty() && !node.as_array()->empty()) : values.empty()) {
    throw toml_error(document, node.source(), fmt::format("{} needs {}", setting->name, needs_of(*setting)))
        .set_hint(fmt::format("e.g. {}{}", toml_example(*setting), section_hint(*setting, node)));
  }
  return given_by(document, key, std::string(setting->name), std::move(values), toml_example(*setting));
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
  } else if (key.str() == "target" && node.is_table()) {
    read_toml_target(document, *node.as_table(), layer);
  } else {
    Given given = read_setting(document, key, node);
    if (given.setting == "target") {
      given.values[0] = target_in(document, node, given.values[0]);
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

}  // namespace pg2duck::config
