#include "config/settings/layers.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/redaction.hpp"
#include "config/settings/index.hpp"
#include "config/target.hpp"

namespace pg2duck::config {
namespace {

bool is_selection(std::string_view setting) {
  return setting == "tables" || setting == "exclude";
}

Error bad_value(const Layer& layer, const Given& given, const Setting& setting, const std::string& value) {
  return Error(layer.on_command_line ? ErrorKind::kUsage : ErrorKind::kConfig,
               fmt::format("{} needs {}, not '{}'", given.label, needs_of(setting), redact(value)))
      .set_hint("e.g. " + given.good);
}

class Resolution {
 public:
  void add(const Layer& layer);
  Configuration finish();

 private:
  void take(const Layer& layer, const Given& given);
  bool apply(const Layer& layer, const Given& given, const Setting& setting, const std::string& value);
  void override_sections(const Setting& setting);
  void let_rules_match_nothing();
  void explain_settings();
  void take_token();

  Configuration result_;
  std::map<std::string, std::string, std::less<>> origins_;
  std::vector<Explained> source_;
  std::vector<Explained> rules_;
  std::optional<GivenToken> token_;
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

/// As the key of a table's section says it, for all columns.
bool says_only_unrepresentable(const ColumnRule& rule) {
  return rule.columns.text() == "*" && rule.unrepresentable && !rule.exclude && !rule.rename && !rule.as &&
         !rule.expression;
}

void Resolution::add(const Layer& layer) {
  if (layer.source) {
    result_.copy.source = layer.source->connection;
    source_ = layer.source->parts;
    result_.copy.password_origin = password_origin(source_);
  }
  if (layer.token) {
    token_ = layer.token;
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
  override_sections(*setting);
  for (const std::string& value : given.values) {
    if (!apply(layer, given, *setting, value)) {
      throw bad_value(layer, given, *setting, value);
    }
    if (setting->show == nullptr) {
      const bool for_all = setting->name == "column" && says_only_unrepresentable(result_.copy.columns.back());
      rules_.push_back(
          {.name = given.setting, .value = value, .origin = given.origin, .setting = for_all ? "unrepresentable" : ""});
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
void Resolution::override_sections(const Setting& setting) {
  for (ColumnRule& rule : result_.copy.columns) {
    if (setting.name == "unrepresentable" && rule.columns.text() == "*") {
      rule.unrepresentable.reset();
    }
  }
  if (!setting.stands_in.table) {
    return;
  }
  for (TableRule& rule : result_.copy.table_rules) {
    rule.values.erase(std::string(setting.name));
  }
  std::erase_if(rules_, [&setting](const Explained& part) { return part.setting == setting.name; });
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
  for (const Setting* setting : run_settings()) {
    const auto origin = origins_.find(setting->name);
    if (setting->show == nullptr || (!setting->stands_in.top && origin == origins_.end())) {
      continue;
    }
    const std::string value = setting->show(result_.copy);
    result_.explained.push_back({.name = std::string(setting->name),
                                 .value = redact(value.empty() ? std::string(setting->fallback) : value),
                                 .origin = origin == origins_.end() ? "default" : origin->second});
  }
}

/// A token does not go to somebody for whom it was not meant: another layer may have named another target.
void Resolution::take_token() {
  const std::string& target = result_.copy.target;
  if (!token_ || (!token_->target.empty() && !is_same_service(token_->target, target))) {
    return;
  }
  result_.copy.target_token = token_->token;
  explain_token(result_, token_->part);
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
  take_token();
  std::ranges::move(rules_, std::back_inserter(result_.explained));
  return std::move(result_);
}

}  // namespace

void explain_token(Configuration& configuration, const Explained& part) {
  if (part.name.empty()) {
    return;
  }
  const auto target = std::ranges::find(configuration.explained, "target", &Explained::name);
  const bool last = target == configuration.explained.end();
  configuration.explained.insert(last ? target : target + 1, part);
}

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
  for (const Setting* setting : run_settings()) {
    const std::string variable = variable_of(setting->name);
    const std::optional<std::string> value = setting->stands_in.top ? environment(variable.c_str()) : std::nullopt;
    if (value) {
      layer.values.push_back({.setting = std::string(setting->name),
                              .values = {*value},
                              .label = variable,
                              .origin = variable,
                              .good = fmt::format("{}={}", variable, setting->example)});
    }
  }
  return layer;
}

}  // namespace pg2duck::config
