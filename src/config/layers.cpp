#include "config/layers.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/redaction.hpp"
#include "config/target.hpp"

namespace pg2duck::config {
namespace {

bool is_selection(std::string_view setting) {
  return setting == "tables" || setting == "exclude";
}

Error bad_value(const Layer& layer, const Given& given, const Setting& setting, const std::string& value) {
  return Error(layer.on_command_line ? ErrorKind::kUsage : ErrorKind::kConfig,
               fmt::format("{} needs {}, not '{}'", given.label, setting.needs, redact(value)))
      .set_hint("e.g. " + given.good);
}

class Resolution {
 public:
  void add(const Layer& layer);
  Configuration finish();

 private:
  void take(const Layer& layer, const Given& given);
  bool apply(const Layer& layer, const Given& given, const Setting& setting, const std::string& value);
  void override_sections(const std::string& setting);
  void let_rules_match_nothing();
  void explain_settings();

  Configuration result_;
  std::map<std::string, std::string, std::less<>> origins_;
  std::vector<Explained> source_;
  std::vector<Explained> rules_;
};

/// Where the password stands: in a part of its own, or within a whole connection string.
std::string password_origin(const std::vector<Explained>& parts) {
  std::string origin;
  for (const Explained& part : parts) {
    if (part.name.ends_with("password") || part.name.ends_with("password_file")) {
      return part.origin;
    }
    const bool whole = part.name == "source" || part.name == "source_file" || part.name.starts_with("source.url");
    origin = whole ? part.origin : origin;
  }
  return origin;
}

void Resolution::add(const Layer& layer) {
  if (layer.source) {
    result_.copy.source = layer.source->connection;
    source_ = layer.source->parts;
    result_.copy.password_origin = password_origin(source_);
  }
  if (!layer.target_token.empty()) {
    result_.copy.target_token = layer.target_token;
  }
  const bool narrows = std::ranges::any_of(layer.values, is_selection, &Given::setting);
  if (narrows) {
    let_rules_match_nothing();
  }
  for (const Given& given : layer.values) {
    take(layer, given);
  }
  for (const GivenTableRule& given : layer.table_rules) {
    result_.copy.table_rules.push_back(given.rule);
    std::ranges::copy(given.parts, std::back_inserter(rules_));
  }
  std::ranges::copy(layer.explained, std::back_inserter(rules_));
  std::ranges::copy(layer.notices, std::back_inserter(result_.notices));
  result_.log_level = layer.log_level.empty() ? result_.log_level : layer.log_level;
}

void Resolution::take(const Layer& layer, const Given& given) {
  const Setting* setting = find_setting(given.setting);
  if (setting == nullptr) {
    throw Error(ErrorKind::kBug, "there is no setting " + given.setting);
  }
  if (given.setting == "tables") {
    result_.copy.tables.clear();
  } else if (given.setting == "exclude") {
    result_.copy.exclude.clear();
  }
  override_sections(given.setting);
  for (const std::string& value : given.values) {
    if (!apply(layer, given, *setting, value)) {
      throw bad_value(layer, given, *setting, value);
    }
    if (setting->kind == Setting::Kind::kList && !is_selection(given.setting)) {
      rules_.push_back({.name = given.setting, .value = value, .origin = given.origin});
    }
  }
  origins_[given.setting] = given.origin;
}

bool Resolution::apply(const Layer& layer, const Given& given, const Setting& setting, const std::string& value) {
  try {
    return setting.set(result_.copy, value);
  } catch (Error& error) {
    // A rule names itself; in a file it takes more to find it.
    if (!layer.on_command_line) {
      error.add_context(given.origin);
    }
    throw;
  }
}

/// What is said for all tables goes over what a lower layer says for some.
void Resolution::override_sections(const std::string& setting) {
  for (TableRule& rule : result_.copy.table_rules) {
    if (setting == "read") {
      rule.read.reset();
    } else if (setting == "numeric") {
      rule.numeric.reset();
    } else if (setting == "primary_keys") {
      rule.primary_keys.reset();
    } else if (setting == "mode") {
      rule.mode.reset();
    } else if (setting == "on_schema_change") {
      rule.on_schema_change.reset();
    }
  }
  for (ColumnRule& rule : result_.copy.columns) {
    if (setting == "unrepresentable" && rule.columns.text() == "*") {
      rule.unrepresentable.reset();
    }
  }
  std::erase_if(rules_, [&setting](const Explained& part) {
    return (part.name.starts_with('[') && part.name.ends_with("] " + setting)) ||
           (part.name == "column" && part.value.find(".*=" + setting + " ") != std::string::npos);
  });
}

void Resolution::let_rules_match_nothing() {
  for (ColumnRule& rule : result_.copy.columns) {
    rule.may_match_nothing = true;
  }
  for (RowFilter& filter : result_.copy.where) {
    filter.may_match_nothing = true;
  }
  for (TableRule& rule : result_.copy.table_rules) {
    rule.may_match_nothing = true;
  }
}

void Resolution::explain_settings() {
  for (const Setting& setting : settings()) {
    const auto origin = origins_.find(setting.name);
    if (setting.name == "column" || setting.name == "where" || setting.name == "partition_by" ||
        (!setting.in_file && origin == origins_.end())) {
      continue;
    }
    const std::string value = setting.show(result_.copy);
    result_.explained.push_back({.name = std::string(setting.name),
                                 .value = redact(value.empty() ? std::string(setting.fallback) : value),
                                 .origin = origin == origins_.end() ? "default" : origin->second});
  }
}

Configuration Resolution::finish() {
  if (result_.copy.source.empty()) {
    source_ = {{.name = "source", .value = "the PG* variables, as psql takes them", .origin = "default"}};
  }
  if (!result_.copy.database.empty() && !result_.copy.target.empty()) {
    result_.copy.target = with_database(result_.copy.target, result_.copy.database);
  }
  result_.explained = std::move(source_);
  explain_settings();
  std::ranges::move(rules_, std::back_inserter(result_.explained));
  return std::move(result_);
}

}  // namespace

Configuration resolve(std::span<const Layer> layers) {
  Resolution resolution;
  for (const Layer& layer : layers) {
    resolution.add(layer);
  }
  return resolution.finish();
}

Layer environment_layer(const Environment& environment) {
  Layer layer;
  const std::string source = variable_of("source");
  if (const auto value = environment(source.c_str())) {
    layer.source = GivenSource{.connection = Secret(*value),
                               .parts = {{.name = "source", .value = redact(*value), .origin = source}}};
  }
  for (const Setting& setting : settings()) {
    const std::string variable = variable_of(setting.name);
    const std::optional<std::string> value = setting.in_file ? environment(variable.c_str()) : std::nullopt;
    if (value) {
      layer.values.push_back({.setting = std::string(setting.name),
                              .values = {*value},
                              .label = variable,
                              .origin = variable,
                              .good = fmt::format("{}={}", variable, setting.example)});
    }
  }
  return layer;
}

}  // namespace pg2duck::config
