#include "cli/report/hint.hpp"

#include <new>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/report/report.hpp"
#include "engine/error_text.hpp"

namespace pg2duck::cli {
namespace {

using engine::translate_error;
using ::testing::HasSubstr;

TEST(Hint, OfDuckdbsErrorsNamesTheOptionsThatHelp) {
  const auto of = [](const char* text) { return hint_of(translate_error(text)); };
  EXPECT_EQ(of("Out of Memory Error: failed to allocate"), "raise --memory-limit, or lower --jobs");
  EXPECT_EQ(of("IO Error: bigger than max_temp_directory_size"),
            "free disk space where the target lies, or raise --memory-limit");
  EXPECT_EQ(of("IO Error: Cannot open database \"x\" in read-only mode: database does not exist"),
            "check the path, or run `pg2duck copy` first");
  EXPECT_EQ(of("Invalid Input Error: v9 is not a known DuckDB version"),
            "name a version of DuckDB up to the one that --version shows, such as v1.4.0");
  EXPECT_EQ(of("Invalid Input Error: v1.0, which is lower than what the database itself uses"),
            "leave --storage-version out");
  EXPECT_THAT(of("Constraint Error: NOT NULL constraint failed: t.a"), HasSubstr("--unrepresentable"));
  EXPECT_EQ(of("Constraint Error: Duplicate key \"a: 1\""), "copy without primary keys");
  EXPECT_EQ(of("Constraint Error: PRIMARY KEY: Data contains duplicates on indexed column(s)"),
            "copy without primary keys");
}

TEST(Hint, OfTheErrorItselfComesFirst) {
  EXPECT_THAT(hint_of(translate_error("IO Error: Cannot open \"/x/y\": No such file or directory")),
              HasSubstr("mkdir -p"));
  EXPECT_EQ(hint_of(Error(ErrorKind::kOutOfMemory, "x").assign_sqlstate("53200").set_hint("mine")), "mine");
  EXPECT_EQ(hint_of(Error(ErrorKind::kSourceSql, "x").set_sqlstate("53200")), "");
}

TEST(Hint, OfMemoryThatThisProcessLacksNamesBothOptions) {
  try {
    throw std::bad_alloc();
  } catch (...) {
    EXPECT_EQ(hint_of(current_error()), "lower --memory-limit or --jobs, or give the process more memory");
  }
}

TEST(Hint, StandsUnderTheErrorWhoseSqlstateIsOnlyShownWhenPostgresSaidIt) {
  EXPECT_EQ(render_error(translate_error("Out of Memory Error: x"), false),
            "error: DuckDB ran out of memory (Out of Memory Error: x)\nhint: raise --memory-limit, or lower --jobs\n");
  EXPECT_THAT(render_error(Error(ErrorKind::kSourceSql, "x").set_sqlstate("42501"), false),
              HasSubstr("(SQLSTATE 42501)"));
}

}  // namespace
}  // namespace pg2duck::cli
