#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "config/dlt/credentials.hpp"
#include "config/dlt/project.hpp"
#include "unit/config/dlt_directory.hpp"

namespace pg2duck::config {
namespace {

using nlohmann::json;

/// What `function` gives, or that it failed.
template <typename Function>
json attempt(Function function) {
  try {
    return function();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kConfig) << error.what();
    EXPECT_FALSE(error.hint().empty()) << error.what();
    return "error";
  }
}

json or_null(const std::optional<std::string>& value) {
  return value ? json(*value) : json(nullptr);
}

json of(const std::optional<std::map<std::string, std::string>>& query) {
  return query ? json(*query) : json(nullptr);
}

/// The same shape as the recorder's.
json resolved(const DltDirectory& project) {
  json result;
  const json files = attempt([&] { return project.settings().files().size(); });
  if (files == "error") {
    return {{"project", "error"}};
  }
  const DltSettings settings = project.settings();
  const DltSettings::Sections source{"sources", "sql_database", "sql_database"};
  result["source"] = attempt([&]() -> json {
    const DltCredentials found = source_credentials(settings);
    const auto schema = settings.find(source, "schema");
    return {{"schema", schema ? json(schema->text) : json(nullptr)},
            {"drivername", or_null(found.drivername)},
            {"username", or_null(found.username)},
            {"password", found.password ? json(found.password->reveal()) : json(nullptr)},
            {"host", or_null(found.host)},
            {"port", found.port ? json(*found.port) : json(nullptr)},
            {"database", or_null(found.database)},
            {"query", of(found.query)}};
  });
  const auto number = [&](const DltSettings::Sections& sections, const char* tail) {
    return attempt([&]() -> json {
      const auto found = settings.find_integer(sections, "workers", tail);
      return found ? json(*found) : json(nullptr);
    });
  };
  result["extract_workers"] = number(source, "extract");
  result["normalize_workers"] = number({"normalize"}, "");
  result["load_workers"] = number({"load"}, "");
  const auto level = settings.find({}, "log_level", "runtime");
  result["log_level"] = level ? json(level->text) : json(nullptr);
  result["motherduck"] = attempt([&]() -> json {
    const DltMotherduck found = motherduck_credentials(settings, project.environment());
    return {{"database", found.database},
            {"password", found.token.empty() ? json(nullptr) : json(found.token.reveal())},
            {"query", of(found.query)}};
  });
  return result;
}

/// dlt's record with what it fills in by default taken away, errors without their class, numbers of a query as text.
json comparable(const json& entry) {
  json dlt = entry["dlt"];
  dlt.erase("tables");
  const std::map<std::string, json> defaults{{"extract_workers", 5}, {"load_workers", 20}, {"log_level", "WARNING"}};
  for (auto& [key, value] : dlt.items()) {
    const auto found = defaults.find(key);
    if (found != defaults.end() && value == found->second) {
      value = nullptr;
    }
    if (value.is_object() && value.contains("error")) {
      value = "error";
    }
  }
  if (dlt.contains("source") && dlt["source"].is_object() && dlt["source"]["query"].is_object()) {
    for (auto& option : dlt["source"]["query"]) {
      option = option.is_string() ? option : json(option.dump());
    }
  }
  if (entry.contains("token")) {
    // The guide's key, which dlt does not know.
    EXPECT_EQ(dlt["motherduck"], "error");
    dlt["motherduck"] = {{"database", "my_db"}, {"password", entry["token"]}, {"query", nullptr}};
  }
  return dlt;
}

json recorded_cases() {
  std::ifstream file("tests/golden/dlt_lookup/cases.json");
  return json::parse(file)["cases"];
}

void lay_out(const json& entry, DltDirectory& project) {
  for (const auto& [name, text] : entry["files"].items()) {
    project.write(name, text);
  }
  for (const auto& [name, value] : entry["environment"].items()) {
    project.set(name, value);
  }
}

TEST(ConfigDltLookup, LookUpOrderIsThatOfDlt) {
  const json cases = recorded_cases();
  for (const json& entry : cases) {
    DltDirectory project;
    lay_out(entry, project);
    const json expected = comparable(entry);
    json found = resolved(project);
    // What equals dlt's default says nothing about where it came from.
    for (auto& [key, value] : found.items()) {
      const bool is_default = value == json(5) || value == json(20) || value == json("WARNING");
      if (expected.contains(key) && expected[key].is_null() && is_default) {
        value = nullptr;
      }
    }
    EXPECT_EQ(found, expected) << entry["name"];
  }
  EXPECT_GT(cases.size(), 70U);
}

TEST(ConfigDltLookup, TablesComeFromOnePathOnly) {
  std::size_t compared = 0;
  const DltRequest request{.source_wanted = false, .tables_wanted = false, .target_wanted = false};
  const json cases = recorded_cases();
  for (const json& entry : cases) {
    DltDirectory project;
    lay_out(entry, project);
    if (!entry["dlt"].contains("tables") || entry["dlt"]["extract_workers"].is_object()) {
      continue;
    }
    std::vector<std::string> tables;
    for (const Given& given : read_dlt_project(project.folders(), request, project.environment()).values) {
      tables = given.setting == "tables" ? given.values : tables;
    }
    const json& dlt = entry["dlt"]["tables"];
    ASSERT_EQ(tables.size(), dlt.is_null() ? 0 : dlt.size()) << entry["name"];
    for (std::size_t i = 0; i < tables.size(); ++i) {
      EXPECT_THAT(tables[i], testing::EndsWith("\"" + dlt[i].get<std::string>() + "\"")) << entry["name"];
      ++compared;
    }
  }
  EXPECT_GT(compared, 4U);
}

}  // namespace
}  // namespace pg2duck::config
