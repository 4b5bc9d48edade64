#include "cli/reference/schema.hpp"

#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/reference/phrase.hpp"
#include "config/settings/index.hpp"

namespace pg2duck::cli {
namespace {

using Json = nlohmann::ordered_json;
using config::Places;
using config::Setting;
using Kind = Setting::Kind;

/// A sentence of its summary, its details, and the default where the schema has no place for it.
std::string description_of(const Setting& setting, bool tells_default) {
  std::string text = plain_phrase(setting);
  if (text.front() >= 'a' && text.front() <= 'z') {
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
  }
  return tells_default ? fmt::format("{} Default: {}.", text, setting.fallback) : text;
}

/// What a value of a kind may be; null: the kind says nothing.
Json type_of(Kind kind) {
  switch (kind) {
    case Kind::kChoice:
      return nullptr;
    case Kind::kCount:
      return "integer";
    case Kind::kSize:
      return {"string", "integer"};
    case Kind::kValue:
      return {"string", "integer", "number"};
    case Kind::kSwitch:
      return "boolean";
    case Kind::kList:
      return {"array", "string"};
    default:
      return "string";
  }
}

Json example_of(const Setting& setting) {
  std::string text(setting.example);
  if (text.starts_with('\'')) {
    text = text.substr(1, text.size() - 2);
  }
  return setting.kind == Kind::kList ? Json::array({text}) : Json(text);
}

void add_bounds(const Setting& setting, Json& entry) {
  if (setting.kind == Kind::kCount) {
    entry["minimum"] = setting.minimum;
    if (setting.maximum != UINT64_MAX) {
      entry["maximum"] = setting.maximum;
    }
  } else if (setting.kind == Kind::kList) {
    entry["items"] = {{"type", "string"}};
  } else if (!setting.pattern.empty()) {
    entry["pattern"] = setting.pattern;
  }
}

/// `at_top`: what its default is holds there; in a section the top's holds.
Json entry_of(const Setting& setting, bool at_top) {
  const bool is_word = std::ranges::find(setting.words, setting.fallback) != setting.words.end();
  const bool is_switch = setting.kind == Kind::kSwitch;
  const bool has_default = at_top || !setting.stands_in.top;
  const bool as_value = is_switch || is_word;
  Json entry{{"description", description_of(setting, has_default && !as_value && !setting.fallback.empty())}};
  if (Json type = type_of(setting.kind); !type.is_null()) {
    entry["type"] = std::move(type);
  }
  if (!setting.words.empty()) {
    entry["enum"] = setting.words;
  }
  add_bounds(setting, entry);
  if (has_default && as_value && !setting.fallback.empty()) {
    entry["default"] = is_switch ? Json(setting.fallback == "true") : Json(setting.fallback);
  }
  if (setting.words.empty() && !is_switch && setting.kind != Kind::kCount && !setting.example.empty()) {
    entry["examples"] = Json::array({example_of(setting)});
  }
  return entry;
}

Json properties_of(bool Places::* place) {
  Json properties = Json::object();
  for (const Setting* setting : config::settings_in(place)) {
    properties[std::string(setting->name)] = entry_of(*setting, place == &Places::top);
  }
  return properties;
}

Json object_of(bool Places::* place, const Json& others) {
  return Json{{"type", "object"}, {"properties", properties_of(place)}, {"additionalProperties", others}};
}

/// An entry that is a text, or a section of its own.
void or_section(Json& entry, const Json& section) {
  entry.erase("type");
  entry["anyOf"] = Json::array({Json{{"type", "string"}}, section});
}

/// An entry whose keys are names, of tables or columns.
void by_name(Json& entry, const Json& section) {
  entry["type"] = "object";
  entry["additionalProperties"] = section;
}

}  // namespace

std::string schema_json() {
  Json column = object_of(&Places::column, false);
  Json table = object_of(&Places::table, false);
  by_name(table["properties"]["columns"], Json{{"anyOf", Json::array({Json{{"type", "string"}}, column})}});
  Json top = properties_of(&Places::top);
  by_name(top["table"], table);
  // All keywords of libpq are keys there.
  or_section(top["source"], object_of(&Places::source, Json{{"type", {"string", "integer", "boolean"}}}));
  or_section(top["target"], object_of(&Places::target, false));
  const Json schema{{"$schema", "http://json-schema.org/draft-07/schema#"},
                    {"title", "pg2duck.toml"},
                    {"description",
                     "What `pg2duck sync` copies. Any text may hold ${NAME}, which becomes that environment variable."},
                    {"type", "object"},
                    {"additionalProperties", false},
                    {"properties", std::move(top)}};
  return schema.dump(2) + "\n";
}

}  // namespace pg2duck::cli
