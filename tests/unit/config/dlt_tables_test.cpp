#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "config/dlt/project.hpp"
#include "unit/config/dlt_directory.hpp"

namespace pg2duck::config {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

TEST(ConfigDltTables, KeysOfSingleTables) {
  DltDirectory project;
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
  EXPECT_EQ(of("log").append_of_all, AppendOfAll::kWarned);
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

}  // namespace
}  // namespace pg2duck::config
