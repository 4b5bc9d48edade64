#include "destination/parquet/parquet_manifest.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace pg2duck::destination {
namespace {

Manifest example() {
  Manifest manifest{.run = {"run", "00000003-0000001B-1", "2026-11-26T20:00:00.000000Z", "0/1A2B"},
                    .tables = {},
                    .retired = {"main/orders/pg2duck_old.parquet"}};
  manifest.tables.push_back({.name = {"main", "orders \"x\""},
                             .source = {"public", "orders \"x\""},
                             .comment = "it's",
                             .run = manifest.run,
                             .columns = {{"id", "BIGINT", false, ""}, {"näme", "VARCHAR", true, "a note"}},
                             .files = {{"main/orders/pg2duck_1.parquet", 18446744073709551615U, 5, "ab"},
                                       {"main/orders/pg2duck_2.parquet", 0, 5, "cd"}}});
  return manifest;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

TEST(ParquetManifest, IsReadAsItWasWritten) {
  EXPECT_EQ(parse_manifest(to_text(example())), example());
  EXPECT_EQ(parse_manifest(to_text(Manifest{})), Manifest{});
}

TEST(ParquetManifest, RefusesWhatItIsNot) {
  for (const char* text : {"", "[]", "{}", "{\"pg2duck_manifest\": 1}", "{\"pg2duck_manifest\": \"1\"}", "half {"}) {
    EXPECT_THROW((void)parse_manifest(text), Error) << text;
  }
}

TEST(ParquetManifest, RefusesALaterVersion) {
  try {
    (void)parse_manifest(replaced(to_text(example()), "\"pg2duck_manifest\": 1", "\"pg2duck_manifest\": 2"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("later version"), std::string::npos);
  }
}

TEST(ParquetManifest, RefusesPathsThatLeadOutOfTheRoot) {
  for (const char* path :
       {"/etc/x.parquet", "../x.parquet", "main/../../x.parquet", "main/*.parquet", "main/x.csv", ""}) {
    EXPECT_THROW((void)parse_manifest(replaced(to_text(example()), "main/orders/pg2duck_2.parquet", path)), Error)
        << path;
    EXPECT_THROW((void)parse_manifest(replaced(to_text(example()), "main/orders/pg2duck_old.parquet", path)), Error)
        << path;
  }
}

}  // namespace
}  // namespace pg2duck::destination
