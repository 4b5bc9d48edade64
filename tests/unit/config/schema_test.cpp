#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "config/settings/index.hpp"
#include "unit/config/toml_directory.hpp"

namespace pg2duck::config {
namespace {

using ConfigSchema = TomlDirectory;
using nlohmann::json;
using testing::UnorderedElementsAreArray;

json schema() {
  std::ifstream file("docs/pg2duck.schema.json");
  return json::parse(file);
}

std::vector<std::string> keys_of(const json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) {
    keys.push_back(key);
  }
  return keys;
}

TEST_F(ConfigSchema, HasTheKeysOfTheReader) {
  const json root = schema();
  EXPECT_THAT(keys_of(root["properties"]), UnorderedElementsAreArray(names_in(&Places::top)));
  const json& section = root["properties"]["table"]["additionalProperties"];
  EXPECT_THAT(keys_of(section["properties"]), UnorderedElementsAreArray(names_in(&Places::table)));
  const json& column = section["properties"]["columns"]["additionalProperties"]["anyOf"][1];
  EXPECT_THAT(keys_of(column["properties"]), UnorderedElementsAreArray(names_in(&Places::column)));
  for (const std::string& key : keys_of(root["properties"]["source"]["anyOf"][1]["properties"])) {
    write("secret", "x");
    EXPECT_EQ(failure("source." + key + " = \"secret\""), "no error") << key;
  }
}

/// What the reader says of `prefix` + `key = value`.
class SchemaValues : public TomlDirectory {
 protected:
  void check(const std::string& prefix, const std::string& key, const json& rules) {
    const auto says = [&](const json& value) { return failure(prefix + key + " = " + value.dump()); };
    for (const char* list : {"enum", "examples"}) {
      for (const json& value : rules.value(list, json::array())) {
        EXPECT_EQ(says(value), "no error") << key << value;
        ++checked_;
      }
    }
    if (rules.contains("enum") || rules.contains("pattern")) {
      EXPECT_NE(says("nonsense"), "no error") << key;
    }
    if (rules.value("type", json()) == "boolean") {
      EXPECT_EQ(says(true), "no error") << key;
      EXPECT_NE(says("nonsense"), "no error") << key;
    }
    for (const char* bound : {"minimum", "maximum"}) {
      if (rules.contains(bound)) {
        const auto value = rules[bound].get<std::int64_t>();
        EXPECT_EQ(says(value), "no error") << key;
        EXPECT_NE(says(bound == std::string("minimum") ? value - 1 : value + 1), "no error") << key;
      }
    }
  }

  int checked_ = 0;
};

TEST_F(SchemaValues, AreThoseOfTheReader) {
  const json root = schema();
  for (const auto& [key, rules] : root["properties"].items()) {
    check("", key, rules);
  }
  const json& section = root["properties"]["table"]["additionalProperties"]["properties"];
  for (const auto& [key, rules] : section.items()) {
    check("[table.\"public.orders\"]\n", key, rules);
  }
  for (const auto& [key, rules] : section["columns"]["additionalProperties"]["anyOf"][1]["properties"].items()) {
    check("[table.\"public.orders\".columns.c]\n", key, rules);
  }
  EXPECT_GT(checked_, 25);
}

}  // namespace
}  // namespace pg2duck::config
