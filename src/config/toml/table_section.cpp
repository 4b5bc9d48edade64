#include "config/toml/table_section.hpp"

#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "config/settings/index.hpp"

namespace pg2duck::config {
namespace {

/// One column's settings, as a column rule writes them (config/rules/column_rule.hpp).
std::string column_settings(const TomlDocument& document, const toml::key& column, const toml::table& table) {
  std::vector<std::string> settings;
  std::string expression;
  for (const toml::key* key : keys_in_order(table)) {
    const std::string name(key->str());
    if (find_setting(name, &Places::column) == nullptr) {
      throw unknown_key(document, *key, fmt::format(" of column {}", column.str()), names_in(&Places::column));
    }
    const toml::node& node = *table.get(key->str());
    std::string value = text_of(document, *key, node, "a text");
    if (name == "exclude") {
      if (!node.is_boolean()) {
        throw toml_error(document, node.source(), "exclude needs true or false").set_hint("exclude = true");
      }
      value = value == "true" ? "exclude" : "";
    } else if (name == "expression") {
      expression = "expression " + std::exchange(value, "");
    } else if (name == "rename") {
      value = "rename " + quote_identifier(value);
    } else if (name == "unrepresentable") {
      value = "unrepresentable " + value;
    }
    settings.push_back(std::move(value));
  }
  // It goes to the end of the rule.
  settings.push_back(std::move(expression));
  std::erase(settings, "");
  return fmt::format("{}", fmt::join(settings, ", "));
}

/// One section.
class TableSection {
 public:
  TableSection(const TomlDocument& document, const toml::key& pattern, Layer& layer)
      : document_(document), pattern_(pattern.str()), layer_(layer) {
    try {
      given_.rule.tables = TablePattern::parse(pattern_);
    } catch (Error& error) {
      error.add_context(place_of(document, pattern.source()));
      throw;
    }
    given_.rule.text = fmt::format("[table.\"{}\"]", pattern_);
  }

  void take(const toml::key& key, const toml::node& node) {
    const Setting* setting = find_setting(key.str(), &Places::table);
    if (setting == nullptr) {
      throw unknown_key(document_, key, " in " + given_.rule.text, names_in(&Places::table));
    }
    if (setting->name == "columns") {
      take_columns(key, node);
    } else if (setting->name == "where") {
      const std::string condition = text_of(document_, key, node, setting->needs);
      layer_.values.push_back(given_by(document_, key, "where", {pattern_ + "=" + condition}, ""));
    } else if (setting->name == "unrepresentable") {
      take_unrepresentable(key, node, *setting);
    } else {
      take_value(key, node, *setting);
    }
  }

  void finish() {
    if (!given_.parts.empty()) {
      layer_.table_rules.push_back(std::move(given_));
    }
  }

 private:
  void take_columns(const toml::key& key, const toml::node& node);
  void take_unrepresentable(const toml::key& key, const toml::node& node, const Setting& setting);
  void take_value(const toml::key& key, const toml::node& node, const Setting& setting);
  [[nodiscard]] Error refusal(const toml::node& node, const Setting& setting, const std::string& value) const;

  const TomlDocument& document_;
  std::string pattern_;
  Layer& layer_;
  GivenTableRule given_;
};

void TableSection::take_columns(const toml::key& key, const toml::node& node) {
  const toml::table* columns = node.as_table();
  if (columns == nullptr) {
    throw toml_error(document_, key.source(), "columns needs a key for each column")
        .set_hint("columns.note = \"exclude\"");
  }
  for (const toml::key* column : keys_in_order(*columns)) {
    const toml::node& value = *columns->get(column->str());
    const std::string settings =
        value.is_table()
            ? column_settings(document_, *column, *value.as_table())
            : text_of(document_, *column, value, "a type, \"exclude\", \"rename NAME\", or these as a table");
    if (!settings.empty()) {
      const std::string rule = pattern_ + "." + std::string(column->str()) + "=" + settings;
      layer_.values.push_back(given_by(document_, *column, "column", {rule}, ""));
    }
  }
}

Error TableSection::refusal(const toml::node& node, const Setting& setting, const std::string& value) const {
  const std::string but = value.empty() ? value : fmt::format(", not '{}'", value);
  return toml_error(document_, node.source(), fmt::format("{} needs {}{}", setting.name, needs_of(setting), but))
      .set_hint("e.g. " + toml_example(setting));
}

/// It is a rule for all columns.
void TableSection::take_unrepresentable(const toml::key& key, const toml::node& node, const Setting& setting) {
  const std::string value = text_of(document_, key, node, needs_of(setting));
  if (!parse_choice<Unrepresentable>(value)) {
    throw refusal(node, setting, value);
  }
  layer_.values.push_back(given_by(document_, key, "column", {pattern_ + ".*=unrepresentable " + value}, ""));
}

void TableSection::take_value(const toml::key& key, const toml::node& node, const Setting& setting) {
  const std::vector<std::string> values = texts_of(document_, node);
  const bool sound = setting.kind == Setting::Kind::kList || !node.is_array();
  if (!sound || !give(given_.rule, setting, values)) {
    throw refusal(node, setting, !sound || values.empty() ? "" : values.front());
  }
  given_.parts.push_back({.name = fmt::format("{} {}", given_.rule.text, setting.name),
                          .value = fmt::format("{}", fmt::join(values, ", ")),
                          .origin = line_of(document_, key.source()),
                          .setting = std::string(setting.name)});
}

/// [table.sales.orders] means a table called sales with a key called orders: not what was meant.
void check_quotes(const TomlDocument& document, const toml::key& pattern, const toml::table& table) {
  for (const auto& [key, value] : table) {
    if (value.is_table() && key.str() != "columns") {
      throw toml_error(document, key.source(), "the name of a table with its schema goes between quotes")
          .set_hint(fmt::format("[table.\"{}.{}\"]", pattern.str(), key.str()));
    }
  }
}

}  // namespace

void read_table_sections(const TomlDocument& document, const toml::key& key, const toml::node& node, Layer& layer) {
  const toml::table* tables = node.as_table();
  if (tables == nullptr) {
    throw toml_error(document, key.source(), "table needs a section for each name or pattern")
        .set_hint("e.g. [table.\"public.orders\"]; the list of tables to copy is tables = [\"...\"]");
  }
  for (const toml::key* pattern : keys_in_order(*tables)) {
    const toml::table* table = tables->get(pattern->str())->as_table();
    if (table == nullptr) {
      throw toml_error(document, pattern->source(), "the settings of a table stand in a section")
          .set_hint(fmt::format("e.g. [table.\"{}\"]", pattern->str()));
    }
    check_quotes(document, *pattern, *table);
    TableSection section(document, *pattern, layer);
    for (const toml::key* inner : keys_in_order(*table)) {
      section.take(*inner, *table->get(inner->str()));
    }
    section.finish();
  }
}

}  // namespace pg2duck::config
