#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <unistd.h>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "config/dlt/credentials.hpp"
#include "config/dlt/keys.hpp"
#include "config/dlt/project.hpp"

namespace pg2duck::config {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A directory with the files of one project.
class Project {
 public:
  Project() { std::filesystem::create_directories(directory_); }

  Project(const Project&) = delete;
  Project& operator=(const Project&) = delete;

  ~Project() { std::filesystem::remove_all(directory_); }

  void write(const std::string& name, const std::string& text) {
    const std::filesystem::path file = directory_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
    std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }

  void set(const std::string& name, const std::string& value) {
    const bool path = name == "DLT_PROJECT_DIR" || name == "XDG_DATA_HOME";
    variables_[name] = path ? (directory_ / value).string() : value;
  }

  [[nodiscard]] Environment environment() const {
    return [this](const char* name) -> std::optional<std::string> {
      const auto found = variables_.find(name);
      if (found != variables_.end()) {
        return found->second;
      }
      if (name == std::string_view("HOME")) {
        return (directory_ / "home").string();
      }
      return std::nullopt;
    };
  }

  [[nodiscard]] DltFolders folders() const {
    std::filesystem::create_directories(directory_ / "home");
    DltFolders folders = DltFolders::find(environment(), false);
    folders.project = variables_.contains("DLT_PROJECT_DIR") ? folders.project : directory_ / folders.project;
    folders.secrets = directory_ / "secrets";
    return folders;
  }

  [[nodiscard]] DltSettings settings() const { return DltSettings::read(folders(), environment(), "pg2md"); }

  [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }

 private:
  std::filesystem::path directory_ =
      std::filesystem::temp_directory_path() / ("pg2duck_dlt." + std::to_string(::getpid()));
  std::map<std::string, std::string> variables_;
};

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
json resolved(const Project& project) {
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

void lay_out(const json& entry, Project& project) {
  for (const auto& [name, text] : entry["files"].items()) {
    project.write(name, text);
  }
  for (const auto& [name, value] : entry["environment"].items()) {
    project.set(name, value);
  }
}

TEST(ConfigDltProject, LookUpOrderIsThatOfDlt) {
  const json cases = recorded_cases();
  for (const json& entry : cases) {
    Project project;
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

TEST(ConfigDltProject, TablesComeFromOnePathOnly) {
  std::size_t compared = 0;
  const DltRequest request{.source_wanted = false, .tables_wanted = false, .target_wanted = false};
  const json cases = recorded_cases();
  for (const json& entry : cases) {
    Project project;
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

constexpr const char* kSecrets = R"([sources.sql_database.credentials]
drivername = "postgresql"
database = "shop"
host = "db"
password = "correct-horse"
username = "reader"
[destination.motherduck.credentials]
token = "battery"
)";

std::map<std::string, std::vector<std::string>> values_of(const Layer& layer) {
  std::map<std::string, std::vector<std::string>> values;
  for (const Given& given : layer.values) {
    values[given.setting] = given.values;
  }
  return values;
}

TEST(ConfigDltProject, PutsALayerTogether) {
  Project project;
  project.write(".dlt/secrets.toml", kSecrets);
  project.write(".dlt/config.toml",
                "[runtime]\nlog_level = \"DEBUG\"\n[sources.sql_database]\nschema = \"my_pg\"\n"
                "tables = [\"a\", \"Odd Name\"]\nworkers = 6\n[postgres]\npool_size = 6\n[extract]\nworkers = 8\n");
  const Layer layer = read_dlt_project(project.folders(), {}, project.environment());
  auto values = values_of(layer);
  EXPECT_THAT(values["tables"], ElementsAre("\"my_pg\".\"a\"", "\"my_pg\".\"Odd Name\""));
  // Six connections, of which one holds the snapshot.
  EXPECT_THAT(values["jobs"], ElementsAre("5"));
  EXPECT_THAT(values["dataset"], ElementsAre("pg2md_data"));
  EXPECT_THAT(values["target"], ElementsAre("md:my_db"));
  EXPECT_EQ(layer.target_token.reveal(), "battery");
  EXPECT_EQ(layer.log_level, "DEBUG");
  EXPECT_EQ(layer.source->connection.reveal(), "host='db' dbname='shop' user='reader' password='correct-horse'");
  EXPECT_THAT(layer.notices, IsEmpty());
  const std::vector<Layer> layers{layer};
  for (const Explained& entry : resolve(layers).explained) {
    EXPECT_EQ((entry.value + entry.origin).find("horse"), std::string::npos);
    EXPECT_EQ((entry.value + entry.origin).find("battery"), std::string::npos);
  }
}

TEST(ConfigDltProject, ConnectionsAreTheLeastOfAllLimits) {
  const auto read = [](const std::string& config) {
    Project project;
    project.write(".dlt/secrets.toml", kSecrets);
    project.write(".dlt/config.toml", config + "\n[sources.sql_database]\ntables = [\"a\"]\n");
    return read_dlt_project(project.folders(), {}, project.environment());
  };
  const auto jobs = [&read](const std::string& config) {
    const auto values = values_of(read(config));
    return values.contains("jobs") ? values.at("jobs").front() : "";
  };
  EXPECT_EQ(jobs(""), "");
  EXPECT_EQ(jobs("[extract]\nworkers = 3"), "3");
  EXPECT_EQ(jobs("[postgres]\npool_size = 4"), "3");
  EXPECT_EQ(jobs("[postgres]\npool_size = 1"), "1");
  EXPECT_THAT(
      read("[postgres]\npool_size = 1").notices,
      testing::Contains(HasSubstr("pool_size is 2 at the least: one connection reads, one holds the snapshot")));
  EXPECT_THAT(read("[postgres]\npool_size = 2").notices, IsEmpty());
  EXPECT_EQ(jobs("[postgres]\npool_size = 20\n[extract]\nworkers = 3"), "3");
}

TEST(ConfigDltProject, NoTablesIsAnErrorThatNamesTheKey) {
  Project project;
  project.write(".dlt/secrets.toml", kSecrets);
  for (const char* config :
       {"", "[sources.sql_database]\ntables = []\n", "[sources.sql_database]\ntable = [\"a\"]\n"}) {
    project.write(".dlt/config.toml", config);
    try {
      read_dlt_project(project.folders(), {}, project.environment());
      ADD_FAILURE();
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("no tables configured"));
      EXPECT_THAT(error.what(), HasSubstr("sources.sql_database"));
    }
  }
}

TEST(ConfigDltProject, KeysThatDoNothingAreNamedOnce) {
  Project project;
  project.write(".dlt/config.toml",
                "[sources.sql_database]\nschma = \"x\"\ntable = [\"a\"]\nbackend = \"pyarrow\"\n"
                "[sources.sql_database.orders]\nchunk_size = 5\n"
                "[sources.rest_api]\nurl = \"x\"\n[destination.filesystem]\nbucket_url = \"x\"\n"
                "[data_writer]\nfile_max_items = 10\n[extrct]\nworkers = 2\n[extract]\nworker = 2\n"
                "[pg2md.sources.sql_database]\nschema = \"x\"\n");
  const std::string file = (project.directory() / ".dlt/config.toml:").string();
  std::vector<std::string> told;
  for (const std::string& sentence : unused_dlt_keys(project.settings())) {
    EXPECT_EQ(sentence.find(file), 0U) << sentence;
    told.push_back(sentence.substr(file.size()));
  }
  EXPECT_THAT(told,
              testing::UnorderedElementsAre(
                  "2: sources.sql_database.schma is not known and has no effect; did you mean schema?",
                  "3: sources.sql_database.table is not used: the list is called tables",
                  "4: sources.sql_database.backend is not used: tables are read by pg2duck's own reader",
                  "6: sources.sql_database.orders.chunk_size is not used: tables are read by pg2duck's own reader",
                  "7: sources.rest_api is not used: it is the section of another source",
                  "9: destination.filesystem is not used: it is the section of another destination",
                  "12: data_writer.file_max_items is not used: no interim files are written",
                  "14: extrct.workers is not known and has no effect; did you mean extract?",
                  "16: extract.worker is not known and has no effect; did you mean workers?"));
}

TEST(ConfigDltProject, KeysOfSingleTables) {
  Project project;
  project.write(".dlt/secrets.toml", kSecrets);
  project.write(".dlt/config.toml",
                "[sources.sql_database]\ntables = [\"orders\", \"people\", \"log\", \"rest\"]\nschema = \"shop\"\n"
                "[sources.sql_database.orders]\nwrite_disposition = \"merge\"\nprimary_key = [\"a\", \"b\"]\n"
                "merge_key = \"a\"\nexcluded_columns = [\"Secret\"]\n"
                "[sources.sql_database.orders.incremental]\ncursor_path = \"at\"\nlag = 3600\nrange_start = \"open\"\n"
                "initial_value = 2024-05-27T07:32:00Z\n"
                "[sources.sql_database.people]\nmerge_key = \"id\"\n"
                "write_disposition = {disposition = \"merge\", strategy = \"scd2\"}\n"
                "[sources.sql_database.log]\nwrite_disposition = \"append\"\nincluded_columns = [\"id\"]\nprimary_key "
                "= \"id\"\n");
  const Layer layer = read_dlt_project(project.folders(), {}, project.environment());
  CopyOptions options;
  for (const GivenTableRule& rule : layer.table_rules) {
    options.table_rules.push_back(rule.rule);
  }
  const auto of = [&](const char* table) { return settings_for(options, {"shop", table}).disposition; };
  EXPECT_EQ(of("orders").mode, Mode::kMerge);
  EXPECT_THAT(of("orders").key, testing::ElementsAre("a", "b"));
  EXPECT_EQ(of("orders").cursor, "at");
  EXPECT_EQ(of("orders").lag, "3600");
  EXPECT_EQ(of("orders").initial, "2024-05-27T07:32:00Z");
  EXPECT_TRUE(of("orders").open_start);
  EXPECT_EQ(of("people").strategy, MergeStrategy::kScd2);
  EXPECT_THAT(of("people").key, testing::ElementsAre("id"));
  EXPECT_EQ(of("people").valid_to, "_dlt_valid_to");
  EXPECT_EQ(of("log").mode, Mode::kAppend);
  EXPECT_THAT(of("log").key, IsEmpty());
  EXPECT_THAT(layer.notices, testing::Contains(HasSubstr("primary_key is not used: only a merge tells rows apart")));
  EXPECT_EQ(of("rest").mode, Mode::kReplace);
  EXPECT_THAT(layer.notices, testing::Contains(HasSubstr("merge_key is not used: rows are told apart by primary_key")));
  std::vector<std::string> columns;
  for (const Given& given : layer.values) {
    if (given.setting == "column") {
      columns.insert(columns.end(), given.values.begin(), given.values.end());
    }
  }
  EXPECT_THAT(columns, testing::ElementsAre("\"shop\".\"orders\".\"Secret\"=exclude", "\"shop\".\"log\".*=exclude",
                                            "\"shop\".\"log\".\"id\"=include"));
  project.write(".dlt/config.toml",
                "[sources.sql_database]\ntables = [\"orders\"]\n[sources.sql_database.orders]\n"
                "write_disposition = \"skip\"\n");
  EXPECT_THROW(read_dlt_project(project.folders(), {}, project.environment()), Error);
  for (const char* words : {R"({"disposition": 5})", R"({"disposition": "merge", "strategy": []})",
                            R"({"disposition": "merge", "strategy": "scd2", "validity_column_names": [1, 2]})"}) {
    project.set("SOURCES__SQL_DATABASE__ORDERS__WRITE_DISPOSITION", words);
    EXPECT_THROW(read_dlt_project(project.folders(), {}, project.environment()), Error) << words;
  }
}

TEST(ConfigDltProject, SecretsOfAContainer) {
  Project project;
  project.write("secrets/sources--sql-database--credentials--password", "from a file\n");
  project.write("secrets/destination--motherduck--credentials--password/destination--motherduck--credentials--password",
                "in a directory");
  project.write(".dlt/secrets.toml",
                "[sources.sql_database.credentials]\ndrivername = \"postgresql\"\npassword = \"x\"\n");
  EXPECT_EQ(source_credentials(project.settings()).password->reveal(), "from a file");
  EXPECT_EQ(motherduck_credentials(project.settings(), project.environment()).token.reveal(), "in a directory");
}

TEST(ConfigDltProject, WhoWinsTheToken) {
  const auto token = [](const std::string& secrets, bool in_environment) {
    Project project;
    project.write(".dlt/secrets.toml", "[destination.motherduck.credentials]\n" + secrets);
    if (in_environment) {
      project.set("motherduck_token", "environment");
    }
    return motherduck_credentials(project.settings(), project.environment()).token.reveal();
  };
  EXPECT_EQ(token("token = \"t\"", false), "t");
  EXPECT_EQ(token("token = \"t\"\npassword = \"p\"", false), "p");
  EXPECT_EQ(token("token = \"t\"", true), "");
  EXPECT_EQ(token("password = \"p\"", true), "p");
}

}  // namespace
}  // namespace pg2duck::config
