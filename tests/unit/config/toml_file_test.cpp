#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "config/target.hpp"
#include "unit/config/toml_directory.hpp"

namespace pg2duck::config {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;

using ConfigTomlFile = TomlDirectory;

TEST_F(ConfigTomlFile, TakesEverySetting) {
  const CopyOptions copy = options(R"toml(
source = "service=shop"
target = "shop.duckdb"
tables = ["public.*", "sales.orders"]
exclude = "public.tmp_*"
views = true
dataset = "replica"
limit = 10
numeric = "decimal(18,4)"
unrepresentable = "null"
primary_keys = true
on_error = "skip"
read = "gentle"
max_rate = "20MB"
compression = "fast"
jobs = 3
memory_limit = 4_000_000_000
)toml");
  EXPECT_EQ(copy.source.reveal(), "service=shop");
  EXPECT_EQ(copy.target, (directory_ / "shop.duckdb").string());
  EXPECT_THAT(copy.tables, ElementsAre("public.*", "sales.orders"));
  EXPECT_THAT(copy.exclude, ElementsAre("public.tmp_*"));
  EXPECT_TRUE(copy.views && copy.primary_keys);
  EXPECT_EQ(copy.dataset, "replica");
  EXPECT_EQ(copy.limit, 10U);
  EXPECT_EQ(copy.numeric, types::parse_numeric_target("decimal(18,4)"));
  EXPECT_EQ(copy.unrepresentable, Unrepresentable::kNull);
  EXPECT_EQ(copy.on_error, OnError::kSkip);
  EXPECT_EQ(copy.read, ReadMethod::kGentle);
  EXPECT_EQ(copy.max_rate, 20'000'000U);
  EXPECT_EQ(copy.compression, Compression::kFast);
  EXPECT_EQ(copy.jobs, 3U);
  EXPECT_EQ(copy.memory_limit_bytes, 4'000'000'000U);
}

TEST_F(ConfigTomlFile, SectionsOfTablesInTheOrderOfTheFile) {
  const CopyOptions copy = options(R"toml(
[table."public.*"]
read = "gentle"
numeric = "varchar"
unrepresentable = "null"
columns.note = "exclude"

[table."public.orders"]
read = "copy"
where = "id > 1000"
primary_keys = true
columns.total = { type = "decimal(15,2)", rename = "Amount", unrepresentable = "text" }
columns."c_*" = "varchar"
columns.kept = { exclude = false }
)toml");
  const TableSettings orders = settings_for(copy, {"public", "orders"});
  EXPECT_EQ(orders.read, ReadMethod::kCopy);
  EXPECT_EQ(orders.numeric, types::parse_numeric_target("varchar"));
  EXPECT_TRUE(orders.primary_keys);
  const TableSettings other = settings_for(copy, {"public", "a"});
  EXPECT_EQ(other.read, ReadMethod::kGentle);
  EXPECT_FALSE(other.primary_keys);
  EXPECT_EQ(settings_for(copy, {"sales", "a"}).read, ReadMethod::kAuto);
  std::vector<std::string> rules;
  for (const ColumnRule& rule : copy.columns) {
    rules.push_back(rule.text);
  }
  EXPECT_THAT(rules, ElementsAre("public.*.*=unrepresentable null", "public.*.note=exclude",
                                 "public.orders.total=decimal(15,2), rename \"Amount\", unrepresentable text",
                                 "public.orders.c_*=varchar"));
  ASSERT_EQ(copy.where.size(), 1U);
  EXPECT_EQ(copy.where[0].condition, "id > 1000");
}

TEST_F(ConfigTomlFile, SourceAsASection) {
  variables_["SHOP_PASSWORD"] = "it's \\ secret";
  EXPECT_EQ(options("[source]\nhost = \"db\"\nport = 5433\ndbname = \"shop\"\npassword = \"${SHOP_PASSWORD}\"")
                .source.reveal(),
            R"conninfo(host='db' port='5433' dbname='shop' password='it\'s \\ secret')conninfo");
  EXPECT_EQ(options("source.url = \"postgresql://me@db/shop?sslmode=require\"\nsource.password = \"${SHOP_PASSWORD}\"")
                .source.reveal(),
            "postgresql://me@db/shop?sslmode=require&password=it%27s%20%5C%20secret");
}

TEST_F(ConfigTomlFile, SecretsInFilesOfTheirOwn) {
  write("password", "correct-horse\n");
  write("connection", "postgresql://me:pw@db/shop\r\n");
  EXPECT_EQ(options("source.host = \"db\"\nsource.password_file = \"password\"").source.reveal(),
            "host='db' password='correct-horse'");
  EXPECT_EQ(options("source_file = \"connection\"").source.reveal(), "postgresql://me:pw@db/shop");
  write("password", "correct-horse", 0644);
  EXPECT_THAT(failure("source.password_file = \"password\""),
              HasSubstr("password holds a secret, and others can read it (mode 0644) | chmod 600 '"));
  write("password", "");
  EXPECT_THAT(failure("source.password_file = \"password\""), HasSubstr("it is empty"));
  EXPECT_THAT(failure("source.password_file = \"nowhere\""), HasSubstr("No such file"));
}

TEST_F(ConfigTomlFile, AFileThatHoldsAPasswordMustBePrivate) {
  EXPECT_EQ(failure("source = \"postgresql://me:pw@db/shop\"", 0600), "no error");
  EXPECT_EQ(failure("source = \"postgresql://me@db/shop\"", 0644), "no error");
  EXPECT_EQ(failure("source.user = \"me\"", 0644), "no error");
  variables_["PW"] = "pw";
  EXPECT_EQ(failure("source = \"postgresql://me:${PW}@db/shop\"\n", 0644), "no error");
  for (const char* text :
       {"source = \"postgresql://me:pw@db/shop\"", "source.password = \"pw\"", "source.url = \"host=db password=pw\"",
        "source.password = 12345", "source.password = \"a$${b\""}) {
    EXPECT_THAT(failure(text, 0644), HasSubstr("a password stands here, and others can read it (mode 0644)")) << text;
    EXPECT_THAT(failure(text, 0604), HasSubstr("(mode 0604)")) << text;
  }
}

TEST_F(ConfigTomlFile, References) {
  variables_["NAME"] = "shop";
  EXPECT_EQ(options("dataset = \"a${NAME}b$${NAME}c$d\"").dataset, "ashopb${NAME}c$d");
  EXPECT_EQ(failure("jobs = 2\ndataset = \"${OTHER}\""),
            "2:11: the environment variable OTHER is not set | export OTHER=..., or write $${ for the characters ${");
  EXPECT_THAT(failure("dataset = \"${NAME\""), HasSubstr("1:11: a ${ is left open"));
}

TEST_F(ConfigTomlFile, UnknownKeysNameTheNearest) {
  EXPECT_EQ(failure("jobs = 2\nmax_rte = 3"), "2:1: unknown key max_rte | did you mean max_rate?");
  EXPECT_THAT(failure("frobnicate = 3"), HasSubstr("1:1: unknown key frobnicate | known are source, source_file, "));
  EXPECT_EQ(failure("[source]\nhots = \"db\""), "2:1: unknown key hots in [source] | did you mean host?");
  EXPECT_EQ(failure("[source]\ndatabase = \"db\""), "2:1: unknown key database in [source] | did you mean dbname?");
  EXPECT_EQ(failure("[table.\"public.t\"]\nwere = \"x\""),
            "2:1: unknown key were in [table.\"public.t\"] | did you mean where?");
  EXPECT_EQ(failure("[table.t]\ncolumns.c = { typ = \"x\" }"),
            "2:15: unknown key typ of column c | did you mean type?");
  EXPECT_EQ(failure("force = true"),
            "1:1: force is for one run and does not stand in a file | give it on the command line: --force");
  EXPECT_THAT(failure("[tables]\nx = 1"), HasSubstr("1:1: tables needs table names or patterns"));
  EXPECT_EQ(failure("[table.public.orders]\nread = \"copy\""),
            "1:15: the name of a table with its schema goes between quotes | [table.\"public.orders\"]");
}

TEST_F(ConfigTomlFile, ARunHasOneTarget) {
  EXPECT_EQ(failure("target = [\"a.duckdb\", \"md:shop\"]"),
            "1:10: a run has one target | " + std::string(kSeveralTargetsHint));
}

TEST_F(ConfigTomlFile, BadValuesNameAGoodOne) {
  EXPECT_EQ(failure("jobs = 0"), "1:1: jobs needs a number from 1 to 1024, not '0' | e.g. jobs = 4");
  EXPECT_EQ(failure("jobs = [1]"), "1:8: jobs needs a number from 1 to 1024 | e.g. jobs = 4");
  EXPECT_EQ(failure("on_error = \"stop\""), "1:1: on_error needs abort or skip, not 'stop' | e.g. on_error = \"skip\"");
  EXPECT_EQ(failure("views = 1"), "1:1: views needs true or false, not '1' | e.g. views = true");
  EXPECT_EQ(failure("tables = \"\""), "1:1: tables needs table names or patterns, not '' | e.g. tables = \"public.*\"");
  EXPECT_EQ(failure("[table.t]\nread = \"fast\""),
            "2:8: read needs auto, copy, pages or gentle, not 'fast' | e.g. read = \"gentle\"");
  EXPECT_THAT(failure("[table.t]\ncolumns.c = \"number\""),
              HasSubstr("column rule 't.c=number': 'number' is no setting"));
  EXPECT_THAT(failure("[table.\"a.b.c\"]\nread = \"copy\""), HasSubstr("1:8: table pattern 'a.b.c'"));
  EXPECT_EQ(failure("source = \"x\"\nsource_file = \"y\""),
            "2:1: source and source_file exclude each other | keep one of them");
}

TEST_F(ConfigTomlFile, BrokenToml) {
  EXPECT_THAT(failure("jobs = 2\ntarget = shop.duckdb\n"), testing::StartsWith("2:1"));
  EXPECT_THAT(failure("jobs = 2\njobs = 3\n"), testing::StartsWith("2:"));
  EXPECT_THAT(failure("a = \"\xff\"\n"), testing::StartsWith("1:"));
  EXPECT_THROW(read_toml_file(directory_ / "none.toml", environment()), Error);
  EXPECT_THROW(read_toml_file(directory_, environment()), Error);
}

TEST_F(ConfigTomlFile, FlagsOverEnvironmentOverFile) {
  variables_ = {{"PG2DUCK_JOBS", "5"}, {"PG2DUCK_DATASET", "env"}, {"PG2DUCK_SOURCE", "service=env"}};
  Layer flags;
  flags.on_command_line = true;
  flags.values.push_back({.setting = "dataset", .values = {"flag"}, .label = "--dataset", .origin = "--dataset"});
  flags.values.push_back({.setting = "tables", .values = {"b"}, .label = "--tables", .origin = "--tables"});
  const std::vector<Layer> layers{read("source = \"service=file\"\ntables = [\"a\", \"c\"]\njobs = 2\nlimit = 7\n"
                                       "dataset = \"file\"\n[table.a]\nwhere = \"x\"\nread = \"copy\"\n"),
                                  environment_layer(environment()), flags};
  const Configuration configuration = resolve(layers);
  EXPECT_EQ(configuration.copy.source.reveal(), "service=env");
  EXPECT_EQ(configuration.copy.dataset, "flag");
  EXPECT_EQ(configuration.copy.jobs, 5U);
  EXPECT_EQ(configuration.copy.limit, 7U);
  EXPECT_THAT(configuration.copy.tables, ElementsAre("b"));
  // The file's rules were written for more tables than are copied now.
  EXPECT_TRUE(configuration.copy.where[0].may_match_nothing && configuration.copy.table_rules[0].may_match_nothing);
  std::map<std::string, std::string> origins;
  for (const Explained& entry : configuration.explained) {
    origins[entry.name] = entry.origin;
  }
  EXPECT_EQ(origins["source"], "PG2DUCK_SOURCE");
  EXPECT_EQ(origins["dataset"], "--dataset");
  EXPECT_EQ(origins["jobs"], "PG2DUCK_JOBS");
  EXPECT_THAT(origins["limit"], EndsWith("pg2duck.toml:4"));
  EXPECT_EQ(origins["views"], "default");
  EXPECT_THAT(origins["where"], EndsWith("pg2duck.toml:7"));
  EXPECT_THAT(origins["[table.\"a\"] read"], EndsWith("pg2duck.toml:8"));
}

TEST_F(ConfigTomlFile, ExplanationHidesSecrets) {
  const Layer layer = read("[source]\nurl = \"postgresql://me:correct-horse@db/shop\"\npassword = \"battery\"\n");
  const std::vector<Layer> layers{layer};
  for (const Explained& entry : resolve(layers).explained) {
    EXPECT_EQ(entry.value.find("horse"), std::string::npos);
    EXPECT_EQ(entry.value.find("battery"), std::string::npos);
  }
}

}  // namespace
}  // namespace pg2duck::config
