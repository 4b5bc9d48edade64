#include "config/target.hpp"

#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/error_of.hpp"

namespace pg2duck::config {
namespace {

using test::error_of;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Target, PrefixesSayTheKind) {
  EXPECT_EQ(parse_target("shop.duckdb"), (Target{TargetKind::kFile, "shop.duckdb"}));
  EXPECT_EQ(parse_target("./quack:x"), (Target{TargetKind::kFile, "./quack:x"}));
  EXPECT_EQ(parse_target("quack:host:9494"), (Target{TargetKind::kQuack, "host:9494"}));
  EXPECT_EQ(parse_target("DuckLake:postgres:dbname=x"), (Target{TargetKind::kDucklake, "postgres:dbname=x"}));
  EXPECT_EQ(parse_target("MD:Shop"), (Target{TargetKind::kMotherduck, "Shop"}));
  EXPECT_EQ(parse_target("motherduck:shop"), (Target{TargetKind::kMotherduck, "shop"}));
  EXPECT_EQ(parse_target("parquet:out/shop"), (Target{TargetKind::kParquet, "out/shop"}));
  for (const char* place : {"s3://bucket/x", "gs://bucket/x", "gcs://bucket", "r2://bucket/x", "az://container/x"}) {
    EXPECT_EQ(parse_target(std::string("parquet:") + place), (Target{TargetKind::kParquet, place}));
  }
}

TEST(Target, AFileHasAPrefixToo) {
  for (const auto& [text, path] :
       {std::pair("duckdb:shop.duckdb", "shop.duckdb"), std::pair("DuckDB:/data/shop.duckdb", "/data/shop.duckdb"),
        std::pair("duckdb:///shop.duckdb", "shop.duckdb"),
        std::pair("duckdb:////data/shop.duckdb", "/data/shop.duckdb"), std::pair("file:shop.duckdb", "shop.duckdb"),
        std::pair("file:/data/shop.duckdb", "/data/shop.duckdb"),
        std::pair("file:///data/my%20shop.duckdb", "/data/my shop.duckdb"),
        std::pair("FILE://localhost/data/shop.duckdb", "/data/shop.duckdb"),
        std::pair("duckdb:./quack:x", "./quack:x")}) {
    EXPECT_EQ(parse_target(text), (Target{TargetKind::kFile, path})) << text;
    EXPECT_EQ(file_named_by(text), path) << text;
  }
  EXPECT_EQ(file_named_by("md:"), std::nullopt);
}

TEST(Target, AColonWithoutAWordBeforeItBelongsToAPath) {
  for (const char* path : {"./qauck:host", "/data/2026-12-01T10:00.duckdb", "2026-12-01T10:00.duckdb", "a b: c.duckdb",
                           "../x:y", "out/x:y", ":x", "shop"}) {
    EXPECT_EQ(parse_target(path), (Target{TargetKind::kFile, path}));
  }
}

TEST(Target, AWordThatIsNoKindIsAnErrorWithTheNearest) {
  const auto failure = [](const std::string& text) {
    const Error error = error_of([&] { (void)parse_target(text); });
    EXPECT_EQ(error.kind(), ErrorKind::kUsage) << text;
    return error.what() + std::string(" | ") + error.hint();
  };
  EXPECT_EQ(failure("qauck:host"),
            "no kind of target is called qauck: | did you mean quack:? targets are copy.duckdb, md:database, "
            "quack:host:port, ducklake:catalog, parquet:directory; a file of that name is ./qauck:host");
  EXPECT_THAT(failure("parqet:out"), HasSubstr("did you mean parquet:?"));
  EXPECT_THAT(failure("Duckdbs:x"), HasSubstr("did you mean duckdb:?"));
  for (const char* text : {"snowflake:x", "C:copy", "C:\\shop\\copy.duckdb", "word:rest", "backup-10:30.duckdb"}) {
    EXPECT_THAT(failure(text), HasSubstr(std::string("; a file of that name is ./") + text));
    EXPECT_THAT(failure(text), Not(HasSubstr("did you mean")));
  }
  EXPECT_EQ(failure("s3://bucket/x"),
            "no kind of target is called s3: | for Parquet files there write parquet:s3://bucket/x");
  EXPECT_THAT(failure("mysql://u:secret@h/x"), Not(HasSubstr("secret")));
}

TEST(Target, WhatCannotBeOneIsRefusedWithAnExample) {
  for (const char* text :
       {"duckdb:", "file:", "file://", "file://other/x.duckdb", "duckdb://x.duckdb",
        "duckdb::memory:", "duckdb:md:shop", "file:///x.duckdb?mode=ro", "duckdb:x?motherduck_token=abc",
        "md:", "quack: ", "ducklake:", "parquet:", ":memory:", "s3://bucket/x", "parquet:abfss://container/x",
        "parquet:http://host/x", "parquet:shop*", "parquet:shop[1]"}) {
    const Error error = error_of([&] { (void)parse_target(text); });
    EXPECT_EQ(error.kind(), ErrorKind::kUsage) << text;
    EXPECT_FALSE(error.hint().empty()) << text;
  }
}

TEST(Target, ADatabaseIsNamedForAServiceThatNamesNone) {
  EXPECT_EQ(with_database("md:", "shop"), "md:shop");
  EXPECT_EQ(with_database("MotherDuck: ", "Shop"), "MotherDuck:Shop");
  for (const char* target : {"md:shop", "shop.duckdb", "quack:host:1", ""}) {
    EXPECT_EQ(error_of([&] { (void)with_database(target, "other"); }).kind(), ErrorKind::kUsage) << target;
  }
}

TEST(Target, SecretsAreRefusedAndNotRepeated) {
  for (const char* text : {"md:shop?motherduck_token=abc", "ducklake:postgres:dbname=x Password=abc"}) {
    const Error error = error_of([&] { (void)parse_target(text); });
    EXPECT_THAT(error.what(), HasSubstr("must not hold a secret")) << text;
    EXPECT_THAT(error.what() + error.hint(), Not(HasSubstr("abc"))) << text;
  }
}

}  // namespace
}  // namespace pg2duck::config
