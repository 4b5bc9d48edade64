#include "engine/error_text.hpp"

#include <array>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pg2duck::engine {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(ErrorText, TheHolderOfALockIsNamedHoweverTheTextEnds) {
  constexpr std::string_view kStart =
      "IO Error: Could not set lock on file \"/d/a.duckdb\": Conflicting lock is held in /usr/bin/my. app (PID 12) by "
      "user eve";
  for (const std::string_view end :
       {". See also https://duckdb.org/docs",
        ". However, you would be able to open this database in read-only mode, e.g. by using the -readonly parameter "
        "in the CLI. See also https://duckdb.org/docs",
        ""}) {
    const Error error = translate_error(std::string(kStart) + std::string(end));
    EXPECT_EQ(error.kind(), ErrorKind::kConflict);
    EXPECT_EQ(error.message(), "the file is in use by /usr/bin/my. app (PID 12) by user eve");
  }
}

TEST(ErrorText, FailuresThatATestCannotCauseAreKnown) {
  const Error full = translate_error("IO Error: Could not write file \"/d/a.duckdb\": No space left on device");
  EXPECT_EQ(full.kind(), ErrorKind::kDestination);
  EXPECT_THAT(full.message(), StartsWith("the disk is full"));
  EXPECT_THAT(full.hint(), HasSubstr("free disk space"));

  const Error newer = translate_error(
      "IO Error: Trying to read a database file with version number 99, but we can only read versions between 64 and "
      "68.\n\nThe database file was created with a newer version of DuckDB.");
  EXPECT_THAT(newer.message(), HasSubstr("another version of DuckDB"));
  EXPECT_THAT(newer.hint(), HasSubstr("new file"));
  EXPECT_THAT(newer.message(), Not(HasSubstr("\n")));
}

TEST(ErrorText, AnUnknownFailureKeepsItsText) {
  const Error error = translate_error("Binder Error: something\nelse\n\nLINE 1: SELECT");
  EXPECT_EQ(error.kind(), ErrorKind::kDestination);
  EXPECT_STREQ(error.what(), "DuckDB: Binder Error: something else");
}

TEST(ErrorText, RulesOfATargetStandBeforeAllOthersAndThoseOfAStoreBehind) {
  constexpr std::array kTarget{ErrorRule{"disk", ErrorKind::kTransient, "", "the target is full", "wait"}};
  constexpr std::array kStore{ErrorRule{"space left", ErrorKind::kAuth, "28000", "no", ""},
                              ErrorRule{"bucket", ErrorKind::kConfig, "58P01", "there is no bucket", ""}};
  const auto kind_of = [&](const char* text) { return translate_error(text, {kTarget, kStore}).kind(); };
  EXPECT_EQ(kind_of("IO Error: a disk: No space left on device"), ErrorKind::kTransient);
  EXPECT_EQ(kind_of("IO Error: No space left on device"), ErrorKind::kDestination);
  EXPECT_EQ(kind_of("IO Error: no such bucket"), ErrorKind::kConfig);
  EXPECT_EQ(translate_error("IO Error: a disk", {kTarget}).sqlstate(), "58030");
}

TEST(ErrorText, AnSqlstateIsAssignedAndNotShownAsIfItHadBeenReported) {
  const Error error = translate_error("Catalog Error: Table with name t does not exist!");
  EXPECT_EQ(error.sqlstate(), "42P01");
  EXPECT_FALSE(error.has_reported_sqlstate());
  EXPECT_EQ(translate_error("IO Error: Could not set lock on file \"x\": Conflicting lock is held in a").sqlstate(),
            "55006");
  EXPECT_EQ(translate_error("no class at all").sqlstate(), "");
}

}  // namespace
}  // namespace pg2duck::engine
