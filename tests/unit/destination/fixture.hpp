#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "destination/session/database.hpp"
#include "support/error_of.hpp"

namespace pg2duck::destination {

using test::error_of;

/// A directory of its own, removed in the end.
class TempDirectory {
 public:
  TempDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "pg2duck_XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }

  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;

  ~TempDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A DuckDB file in a directory of its own, and one session on it.
class TargetTest : public ::testing::Test {
 protected:
  TargetTest() { reopen(); }

  void reopen() {
    session_.reset();
    database_.reset();
    database_ = Database::open({.path = path(), .threads = 2, .memory_limit_bytes = 1'000'000'000});
    session_ = database_->connect();
  }

  [[nodiscard]] std::string path() const { return directory_.file("target.duckdb"); }

  /// The value of a one-value query as text, "NULL" for NULL.
  std::string value(const std::string& sql) { return session_->query(sql).rows.at(0).at(0).value_or("NULL"); }

  TempDirectory directory_;
  std::optional<Database> database_;
  std::optional<Session> session_;
};

}  // namespace pg2duck::destination
