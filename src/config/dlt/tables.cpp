#include "config/dlt/tables.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/identifier.hpp"
#include "config/settings/index.hpp"

namespace pg2duck::config {
namespace {

/// Where its cursor begins and ends, by dlt's names and by ours.
constexpr std::array<std::pair<const char*, const char*>, 7> kIncremental{{{"cursor_path", "cursor"},
                                                                           {"initial_value", "initial"},
                                                                           {"end_value", "end"},
                                                                           {"lag", "lag"},
                                                                           {"range_start", "range_start"},
                                                                           {"range_end", "range_end"},
                                                                           {"on_cursor_value_missing", "null_cursor"}}};

Error bad_value(const DltValue& value, const std::string& key, const Setting& setting) {
  return Error(ErrorKind::kConfig, fmt::format("{}: {} needs {}", value.place, key, needs_of(setting)))
      .set_hint(fmt::format("e.g. {} = \"{}\"", key, setting.example));
}

/// A write_disposition: a word, or a table with more words.
struct WriteDisposition {
  std::string mode;
  std::string strategy;
  std::vector<std::string> validity;  ///< names of the columns of versions
};

WriteDisposition disposition_of(const toml::table& table) {
  WriteDisposition wanted;
  wanted.mode = table["disposition"].value_or(std::string());
  wanted.strategy = table["strategy"].value_or(std::string());
  if (const toml::array* names = table["validity_column_names"].as_array()) {
    for (const toml::node& name : *names) {
      wanted.validity.push_back(name.value_or(std::string()));
    }
  }
  return wanted;
}

WriteDisposition disposition_of(const nlohmann::json& object) {
  // What is of another type is no word that anybody knows.
  const auto word = [&object](const char* key) {
    const auto found = object.find(key);
    return found == object.end() || found->is_null() ? "" : found->is_string() ? found->get<std::string>() : "?";
  };
  WriteDisposition wanted;
  wanted.mode = word("disposition");
  wanted.strategy = word("strategy");
  const auto names = object.find("validity_column_names");
  for (const auto& name : names == object.end() || !names->is_array() ? nlohmann::json::array() : *names) {
    wanted.validity.push_back(name.is_string() ? name.get<std::string>() : "");
  }
  return wanted;
}

WriteDisposition parse_write_disposition(const DltValue& value) {
  if (value.node != nullptr && value.node->is_table()) {
    return disposition_of(*value.node->as_table());
  }
  const auto json = nlohmann::json::parse(value.node == nullptr ? value.text : "", nullptr, false);
  if (json.is_object()) {
    return disposition_of(json);
  }
  WriteDisposition wanted;
  wanted.mode = value.text;
  return wanted;
}

bool allow_append_of_all(TableSettings& settings, const std::vector<std::string>& /*mode*/) {
  settings.disposition.append_of_all = AppendOfAll::kWarned;
  return true;
}

/// The sections of one table.
class TableKeys {
 public:
  TableKeys(const DltSettings& settings, const std::string& schema, const std::string& table, Layer& layer)
      : settings_(settings),
        sections_{"sources", "sql_database", table},
        pattern_(quote_identifier(schema) + "." + quote_identifier(table)),
        layer_(layer) {
    given_.rule.tables = TablePattern::parse(pattern_);
    given_.rule.text = fmt::format("[sources.sql_database.{}]", table);
    given_.rule.may_match_nothing = true;
  }

  void read() {
    take_disposition();
    take_key("primary_key", !scd2_);
    take_key("merge_key", scd2_);
    for (const auto& [theirs, ours] : kIncremental) {
      if (const auto value = settings_.find(sections_, theirs, "incremental")) {
        set(ours, {value->text}, *value, std::string("incremental.") + theirs);
      }
    }
    take_columns();
    if (!given_.parts.empty()) {
      layer_.table_rules.push_back(std::move(given_));
    }
  }

 private:
  void take_disposition() {
    const auto value = settings_.find(sections_, "write_disposition");
    if (!value) {
      return;
    }
    const WriteDisposition wanted = parse_write_disposition(*value);
    const Setting& mode = *find_setting("mode", &Places::table);
    if (!give(given_.rule, mode, {wanted.mode})) {
      throw bad_value(*value, "write_disposition", mode);
    }
    merges_ = parse_choice<Mode>(wanted.mode) == Mode::kMerge;
    explain("write_disposition", wanted.mode + (wanted.strategy.empty() ? "" : ", " + wanted.strategy), value->place);
    given_.parts.back().setting = mode.name;
    // A cursor that the project names takes its place.
    given_.rule.values["append_of_all"] = {.set = allow_append_of_all, .texts = {wanted.mode}};
    scd2_ = wanted.strategy == "scd2";
    if (!wanted.strategy.empty()) {
      set("strategy", {wanted.strategy}, *value, "strategy");
    }
    if (scd2_) {
      const bool named = wanted.validity.size() == 2;
      set("valid_from", {named ? wanted.validity[0] : "_dlt_valid_from"}, *value, "validity_column_names");
      set("valid_to", {named ? wanted.validity[1] : "_dlt_valid_to"}, *value, "validity_column_names");
    }
  }

  void take_key(const char* name, bool used) {
    const auto value = settings_.find(sections_, name);
    if (!value) {
      return;
    }
    if (!used || !merges_) {
      const char* why = !merges_ ? "only a merge tells rows apart by a key"
                        : !scd2_ ? "rows are told apart by primary_key"
                                 : "versions are told apart as whole rows, or by merge_key";
      layer_.notices.push_back(fmt::format("{}: {} is not used: {}", value->place, name, why));
      return;
    }
    const bool word = value->node != nullptr ? value->node->is_string() : !value->text.starts_with('[');
    set("key", word ? std::vector{value->text} : list_of(*value, name), *value, name);
  }

  /// What dlt calls `theirs`, as the key `ours` of pg2duck.toml takes it.
  void set(const char* ours, const std::vector<std::string>& texts, const DltValue& value, const std::string& theirs) {
    const Setting& setting = *find_setting(ours, &Places::table);
    if (!give(given_.rule, setting, texts)) {
      throw bad_value(value, theirs, setting);
    }
    explain(theirs, fmt::format("{}", fmt::join(texts, ", ")), value.place);
  }

  void take_columns() {
    const auto included = settings_.find(sections_, "included_columns");
    const auto excluded = settings_.find(sections_, "excluded_columns");
    std::vector<std::string> rules;
    if (included) {
      rules.push_back(pattern_ + ".*=exclude");
      for (const std::string& column : list_of(*included, "included_columns")) {
        rules.push_back(pattern_ + "." + quote_identifier(column) + "=include");
      }
    }
    if (excluded) {
      for (const std::string& column : list_of(*excluded, "excluded_columns")) {
        rules.push_back(pattern_ + "." + quote_identifier(column) + "=exclude");
      }
    }
    if (!rules.empty()) {
      const std::string& place = included ? included->place : excluded->place;
      layer_.values.push_back(
          {.setting = "column", .values = std::move(rules), .label = place + ": columns", .origin = place, .good = {}});
    }
  }

  void explain(const std::string& key, const std::string& value, const std::string& place) {
    given_.parts.push_back({.name = given_.rule.text + " " + key, .value = value, .origin = place});
  }

  const DltSettings& settings_;
  const DltSettings::Sections sections_;
  const std::string pattern_;
  Layer& layer_;
  GivenTableRule given_;
  bool scd2_ = false;
  bool merges_ = true;  ///< nobody says otherwise
};

}  // namespace

std::vector<std::string> list_of(const DltValue& value, const std::string& key) {
  std::vector<std::string> texts;
  if (value.node != nullptr && value.node->is_array()) {
    for (const toml::node& element : *value.node->as_array()) {
      if (const auto* text = element.as_string()) {
        texts.push_back(text->get());
      } else {
        throw Error(ErrorKind::kConfig, value.place + ": " + key + " needs a list of names")
            .set_hint(key + R"( = ["customer", "item"])");
      }
    }
    return texts;
  }
  const auto json = nlohmann::json::parse(value.node == nullptr ? value.text : "", nullptr, false);
  if (!json.is_array() || !std::ranges::all_of(json, [](const auto& element) { return element.is_string(); })) {
    throw Error(ErrorKind::kConfig, value.place + ": " + key + " needs a list of names, as JSON in the environment")
        .set_hint(R"(e.g. SOURCES__SQL_DATABASE__TABLES='["customer", "item"]')");
  }
  return json.get<std::vector<std::string>>();
}

void read_dlt_tables(const DltSettings& settings, const std::string& schema, const std::vector<std::string>& tables,
                     Layer& layer) {
  for (const std::string& table : tables) {
    TableKeys(settings, schema, table, layer).read();
  }
}

}  // namespace pg2duck::config
