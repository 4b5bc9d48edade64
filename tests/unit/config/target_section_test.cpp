#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/target.hpp"
#include "unit/config/toml_directory.hpp"

namespace pg2duck::config {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

/// The section [target] of a file, below what the command line says.
class ConfigTargetSection : public TomlDirectory {
 protected:
  Configuration resolved(const std::string& text, const std::string& target_flag = {}) {
    std::vector<Layer> layers{read(text)};
    if (!target_flag.empty()) {
      Layer flags;
      flags.on_command_line = true;
      flags.values.push_back({.setting = "target", .values = {target_flag}, .label = "--target", .origin = "--target"});
      layers.push_back(flags);
    }
    return resolve(layers);
  }

  std::string token(const std::string& text, const std::string& target_flag = {}) {
    return resolved(text, target_flag).copy.target_token.reveal();
  }
};

constexpr const char* kMotherduck = "[target]\nurl = \"md:shop\"\ntoken = \"${TOKEN}\"\n";

TEST_F(ConfigTargetSection, NamesATargetAsTheKeyDoes) {
  EXPECT_EQ(options("[target]\nurl = \"shop.duckdb\"").target, (directory_ / "shop.duckdb").string());
  EXPECT_EQ(options("target = \"duckdb:shop.duckdb\"").target, (directory_ / "shop.duckdb").string());
  EXPECT_EQ(options("target = \"file:///data/shop.duckdb\"").target, "/data/shop.duckdb");
  EXPECT_EQ(options("target.url = \"./quack:x\"").target, (directory_ / "./quack:x").string());
  EXPECT_EQ(options("target.url = \"quack:db:1\"").target, "quack:db:1");
  EXPECT_THAT(failure("target = \"qauck:db:1\""),
              HasSubstr("1:10: no kind of target is called qauck: | did you mean "));
  EXPECT_THAT(failure("target.url = \"snowflake:x\""), HasSubstr("1:14: no kind of target is called snowflake: | "));
  EXPECT_EQ(options("database = \"shop\"\ntarget.url = \"md:\"").target, "md:shop");
}

TEST_F(ConfigTargetSection, TokensAreReferencesOrFiles) {
  variables_["TOKEN"] = "correct-horse";
  EXPECT_EQ(token(kMotherduck), "correct-horse");
  write("token", "battery\n");
  EXPECT_EQ(token("target.url = \"quack:db:1\"\ntarget.token_file = \"token\""), "battery");
  // With no target beside it, it is for the one that is named elsewhere.
  EXPECT_EQ(token("target.token_file = \"token\"", "md:shop"), "battery");
}

TEST_F(ConfigTargetSection, WhatIsWrongWithATokenIsToldWithItsPlace) {
  EXPECT_EQ(failure(kMotherduck),
            "3:9: the environment variable TOKEN is not set | export TOKEN=..., or write $${ for the characters ${");
  EXPECT_THAT(failure("target.url = \"md:shop\"\ntarget.token_file = \"nowhere\""), HasSubstr("No such file"));
  write("token", "");
  EXPECT_THAT(failure("target.url = \"md:shop\"\ntarget.token_file = \"token\""), HasSubstr("it is empty"));
  write("token", "battery", 0644);
  EXPECT_THAT(failure("target.url = \"md:shop\"\ntarget.token_file = \"token\""),
              HasSubstr("token holds a secret, and others can read it (mode 0644) | chmod 600 '"));
  EXPECT_THAT(failure("target.url = \"md:shop\"\ntarget.token = \"\""), HasSubstr("2:16: token is empty"));
  EXPECT_EQ(failure("[target]\ntoken = \"x\"\nurl = \"shop.duckdb\""),
            "2:1: the target " + (directory_ / "shop.duckdb").string() +
                " is opened without a token | leave token out; targets md: and quack: take one");
  EXPECT_THAT(failure("target.url = \"ducklake:shop.ducklake\"\ntarget.token = \"x\""),
              HasSubstr("the target ducklake:shop.ducklake is opened without a token"));
  EXPECT_EQ(failure("[target]\ntoken = \"x\"\ntoken_file = \"y\""),
            "3:1: token and token_file exclude each other | keep one of them");
  EXPECT_EQ(failure("[target]\ntokn = \"x\""), "2:1: unknown key tokn in [target] | did you mean token?");
}

TEST_F(ConfigTargetSection, AFileThatHoldsATokenMustBePrivate) {
  const std::string written_out = "[target]\nurl = \"md:shop\"\ntoken = \"battery\"\n";
  EXPECT_EQ(failure(written_out, 0600), "no error");
  EXPECT_THAT(failure(written_out, 0644), HasSubstr("3:1: a token stands here, and others can read it (mode 0644)"));
  EXPECT_THAT(failure("[target]\nurl = \"md:shop\"\ntoken = 12345\n", 0644), HasSubstr("3:1: a token stands here"));
  EXPECT_THAT(failure("[target]\nurl = \"md:shop\"\ntoken = \"a$${b\"\n", 0644), HasSubstr("a token stands here"));
  EXPECT_THAT(failure(written_out, 0644), EndsWith("token_file = \"...\" in [target]"));
  variables_["TOKEN"] = "battery";
  EXPECT_EQ(failure(kMotherduck, 0644), "no error");
}

TEST_F(ConfigTargetSection, ATokenGoesToNobodyElse) {
  variables_["TOKEN"] = "correct-horse";
  EXPECT_EQ(token(kMotherduck, "md:test"), "correct-horse");
  EXPECT_EQ(token(kMotherduck, "motherduck:test"), "correct-horse");
  EXPECT_EQ(token(kMotherduck, "quack:db:1"), "");
  EXPECT_EQ(token(kMotherduck, "test.duckdb"), "");
  const std::string quack = "target.url = \"quack:db:1\"\ntarget.token = \"${TOKEN}\"";
  EXPECT_EQ(token(quack), "correct-horse");
  EXPECT_EQ(token(quack, "quack:other:1"), "");
}

TEST_F(ConfigTargetSection, ExplainsWhereTheTokenIsFromAndHidesIt) {
  variables_["TOKEN"] = "correct-horse";
  std::vector<std::string> told;
  for (const Explained& entry : resolved(kMotherduck).explained) {
    EXPECT_EQ((entry.value + entry.origin).find("horse"), std::string::npos);
    if (entry.name == "target.token") {
      EXPECT_EQ(entry.value, "***");
      told.push_back(entry.origin);
    }
  }
  ASSERT_EQ(told.size(), 1U);
  EXPECT_THAT(told[0], EndsWith("pg2duck.toml:3"));
}

TEST_F(ConfigTargetSection, KeysOfTheTopAreToldWhereTheyBelong) {
  EXPECT_EQ(failure("[target]\nurl = \"a.duckdb\"\njobs = 4"),
            "3:1: unknown key jobs in [target] | jobs stands at the top of the file, before the first [section]");
  EXPECT_THAT(failure("[source]\nhost = \"db\"\ntables = [\"a\"]"), HasSubstr("tables stands at the top of the file"));
  EXPECT_THAT(failure("[table.a]\nlimit = 4"), HasSubstr("limit stands at the top of the file"));
  EXPECT_EQ(failure("cursor = \"id\""),
            "1:1: unknown key cursor | cursor stands in the section of a table: [table.\"public.orders\"]");
  EXPECT_THAT(failure("[tables.a]\nread = \"copy\""), EndsWith("the section of a table is [table.\"public.orders\"]"));
}

TEST_F(ConfigTargetSection, IsATextOrASection) {
  EXPECT_THAT(failure("target = \"md:shop\"\n\n[target]\ntoken = \"${TOKEN}\""),
              EndsWith("target is a text or a section: what target = \"...\" says is url = \"...\" in [target]"));
}

}  // namespace
}  // namespace pg2duck::config
