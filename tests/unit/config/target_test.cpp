#include "config/target.hpp"

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
  EXPECT_EQ(parse_target("C:copy"), (Target{TargetKind::kFile, "C:copy"}));
  EXPECT_EQ(parse_target("quack:host:9494"), (Target{TargetKind::kQuack, "host:9494"}));
  EXPECT_EQ(parse_target("DuckLake:postgres:dbname=x"), (Target{TargetKind::kDucklake, "postgres:dbname=x"}));
  EXPECT_EQ(parse_target("MD:Shop"), (Target{TargetKind::kMotherduck, "Shop"}));
  EXPECT_EQ(parse_target("motherduck:shop"), (Target{TargetKind::kMotherduck, "shop"}));
  EXPECT_EQ(parse_target("parquet:out/shop"), (Target{TargetKind::kParquet, "out/shop"}));
  for (const char* place : {"s3://bucket/x", "gs://bucket/x", "gcs://bucket", "r2://bucket/x", "az://container/x"}) {
    EXPECT_EQ(parse_target(std::string("parquet:") + place), (Target{TargetKind::kParquet, place}));
  }
}

TEST(Target, WhatCannotBeOneIsRefusedWithAnExample) {
  for (const char* text :
       {"md:", "quack: ", "ducklake:", "parquet:", ":memory:", "s3://bucket/x", "parquet:abfss://container/x",
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
