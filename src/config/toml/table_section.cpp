#include "config/toml/table_section.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "config/rules/disposition_key.hpp"

namespace pg2duck::config {
namespace {

constexpr std::array<std::string_view, 23> kTableKeys{"columns",      "cursor",       "end",       "hard_delete",
                                                      "initial",      "key",          "lag",       "mode",
                                                      "newest_by",    "null_cursor",  "numeric",   "on_schema_change",
                                                      "partition_by", "primary_keys", "range_end", "range_start",
                                                      "read",         "reconcile",    "strategy",  "unrepresentable",
                                                      "valid_from",   "valid_to",     "where"};
constexpr std::array<std::string_view, 5> kColumnKeys{"exclude", "expression", "rename", "type", "unrepresentable"};

bool is_known(std::span<const std::string_view> known, std::string_view word) {
  return std::ranges::find(known, word) != known.end();
}

/// One column's settings, as a column rule writes them (config/rules/column_rule.hpp).
std::string column_settings(const TomlDocument& document, const toml::key& column, const toml::table& table) {
  std::string settings;
  std::string expression;
  for (const toml::key* key : keys_in_order(table)) {
    const std::string name(key->str());
    if (!is_known(kColumnKeys, name)) {
      throw unknown_key(document, *key, fmt::format(" of column {}", column.str()), kColumnKeys);
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
    settings += (settings.empty() || value.empty() ? "" : ", ") + value;
  }
  // It goes to the end of the rule.
  return settings + (settings.empty() || expression.empty() ? "" : ", ") + expression;
}

/// One section.
class TableSection {
 public:
  TableSection(const TomlDocument& document, std::string pattern, Layer& layer)
      : document_(document), pattern_(std::move(pattern)), layer_(layer) {
    given_.rule.tables = TablePattern::parse(pattern_);
    given_.rule.text = fmt::format("[table.\"{}\"]", pattern_);
  }

  void take(const toml::key& key, const toml::node& node) {
    const std::string name(key.str());
    if (!is_known(kTableKeys, name)) {
      throw unknown_key(document_, key, " in " + given_.rule.text, kTableKeys);
    }
    if (name == "columns") {
      take_columns(key, node);
    } else if (name == "where") {
      const std::string condition = text_of(document_, key, node, "a condition in SQL");
      layer_.values.push_back(given_by(document_, key, name, {pattern_ + "=" + condition}, ""));
    } else if (name == "partition_by") {
      take_partition_by(key, node);
    } else if (find_disposition_key(name) != nullptr) {
      take_disposition(key, node);
    } else {
      take_setting(key, node);
    }
  }

  void finish() {
    if (!given_.parts.empty()) {
      layer_.table_rules.push_back(std::move(given_));
    }
  }

 private:
  void take_columns(const toml::key& key, const toml::node& node);
  void take_setting(const toml::key& key, const toml::node& node);
  void take_disposition(const toml::key& key, const toml::node& node);
  void take_partition_by(const toml::key& key, const toml::node& node);
  void explain(const toml::key& key, const std::string& value);

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

void TableSection::take_setting(const toml::key& key, const toml::node& node) {
  const Setting& setting = *find_setting(key.str());
  const std::string value = text_of(document_, key, node, setting.needs);
  CopyOptions read;
  if (!setting.set(read, value)) {
    const bool quoted = setting.kind == Setting::Kind::kText;
    throw toml_error(document_, node.source(), fmt::format("{} needs {}, not '{}'", setting.name, setting.needs, value))
        .set_hint("e.g. " + toml_example(setting.name, setting.example, quoted));
  }
  if (setting.name == "unrepresentable") {
    const std::string rule = pattern_ + ".*=unrepresentable " + value;
    layer_.values.push_back(given_by(document_, key, "column", {rule}, ""));
    return;
  }
  if (setting.name == "read") {
    given_.rule.read = read.read;
  } else if (setting.name == "numeric") {
    given_.rule.numeric = read.numeric;
  } else if (setting.name == "mode") {
    given_.rule.mode = read.mode;
  } else if (setting.name == "on_schema_change") {
    given_.rule.on_schema_change = read.on_schema_change;
  } else {
    given_.rule.primary_keys = read.primary_keys;
  }
  explain(key, value);
}

void TableSection::explain(const toml::key& key, const std::string& value) {
  given_.parts.push_back({.name = fmt::format("{} {}", given_.rule.text, key.str()),
                          .value = value,
                          .origin = line_of(document_, key.source())});
}

/// How the copy is kept up: keys that only a table has.
void TableSection::take_disposition(const toml::key& key, const toml::node& node) {
  const DispositionKey& known = *find_disposition_key(key.str());
  const std::vector<std::string> values = texts_of(document_, node);
  const auto refuse = [&](const std::string& but) {
    return toml_error(document_, node.source(), fmt::format("{} needs {}{}", known.name, known.needs, but))
        .set_hint(fmt::format("e.g. {} = {}", known.name, known.example));
  };
  if (values.empty() || (!known.list && node.is_array()) || std::ranges::find(values, "") != values.end()) {
    throw refuse("");
  }
  Disposition scratch;
  if (!known.set(scratch, values)) {
    throw refuse(fmt::format(", not '{}'", values.front()));
  }
  given_.rule.disposition[std::string(known.name)] = values;
  explain(key, fmt::format("{}", fmt::join(values, ", ")));
}

void TableSection::take_partition_by(const toml::key& key, const toml::node& node) {
  const std::string keys = fmt::format("{}", fmt::join(texts_of(document_, node), ", "));
  given_.rule.partition_by = PartitionKey::parse(keys);
  if (given_.rule.partition_by.empty()) {
    throw toml_error(document_, node.source(),
                     "partition_by needs columns, or year, month, day, hour(column), bucket(N, column)")
        .set_hint("e.g. partition_by = [\"region\", \"year(created_at)\"]");
  }
  explain(key, keys);
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

std::span<const std::string_view> table_section_keys() {
  return kTableKeys;
}

std::span<const std::string_view> column_keys() {
  return kColumnKeys;
}

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
    try {
      TableSection section(document, std::string(pattern->str()), layer);
      for (const toml::key* inner : keys_in_order(*table)) {
        section.take(*inner, *table->get(inner->str()));
      }
      section.finish();
    } catch (Error& error) {
      if (error.message().starts_with("table pattern")) {
        error.add_context(place_of(document, pattern->source()));
      }
      throw;
    }
  }
}

}  // namespace pg2duck::config
