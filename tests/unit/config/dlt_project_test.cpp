#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "config/dlt/project.hpp"
#include "unit/config/dlt_directory.hpp"

namespace pg2duck::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::map<std::string, std::vector<std::string>> values_of(const Layer& layer) {
  std::map<std::string, std::vector<std::string>> values;
  for (const Given& given : layer.values) {
    values[given.setting] = given.values;
  }
  return values;
}

TEST(ConfigDltProject, PutsALayerTogether) {
  DltDirectory project;
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
  EXPECT_EQ(layer.token->token.reveal(), "battery");
  EXPECT_EQ(layer.log_level, "DEBUG");
  EXPECT_EQ(layer.source->connection.reveal(), "host='db' dbname='shop' user='reader' password='correct-horse'");
  EXPECT_THAT(layer.notices, IsEmpty());
  const std::vector<Layer> layers{layer};
  for (const Explained& entry : resolve(layers).explained) {
    EXPECT_EQ((entry.value + entry.origin).find("horse"), std::string::npos);
    EXPECT_EQ((entry.value + entry.origin).find("battery"), std::string::npos);
  }
}

TEST(ConfigDltProject, ConnectionsAreTheMinimumOfAllLimits) {
  const auto read = [](const std::string& config) {
    DltDirectory project;
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
      testing::Contains(HasSubstr("the minimum of pool_size is 2: one connection reads, one holds the snapshot")));
  EXPECT_THAT(read("[postgres]\npool_size = 2").notices, IsEmpty());
  EXPECT_EQ(jobs("[postgres]\npool_size = 20\n[extract]\nworkers = 3"), "3");
}

TEST(ConfigDltProject, NoTablesIsAnErrorThatNamesTheKey) {
  DltDirectory project;
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

}  // namespace
}  // namespace pg2duck::config
