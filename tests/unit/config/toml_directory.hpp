#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "config/toml/file.hpp"

namespace pg2duck::config {

/// A directory of its own, and reading files in it.
class TomlDirectory : public testing::Test {
 protected:
  TomlDirectory() { std::filesystem::create_directories(directory_); }

  ~TomlDirectory() override { std::filesystem::remove_all(directory_); }

  std::filesystem::path write(const std::string& name, const std::string& text, unsigned mode = 0600) {
    const std::filesystem::path file = directory_ / name;
    std::ofstream(file) << text;
    std::filesystem::permissions(file, static_cast<std::filesystem::perms>(mode));
    return file;
  }

  Layer read(const std::string& text, unsigned mode = 0600) {
    return read_toml_file(write("pg2duck.toml", text, mode), environment());
  }

  CopyOptions options(const std::string& text) {
    const std::vector<Layer> layers{read(text)};
    return resolve(layers).copy;
  }

  /// "LINE:COLUMN: message | hint" of the error that `text` causes.
  std::string failure(const std::string& text, unsigned mode = 0600) {
    try {
      const std::vector<Layer> layers{read(text, mode)};
      resolve(layers);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kConfig);
      const std::string what = error.what();
      const std::string file = (directory_ / "pg2duck.toml").string() + ":";
      const std::size_t at = what.find(file);
      return (at == 0 ? what.substr(file.size()) : what) + " | " + error.hint();
    }
    return "no error";
  }

  Environment environment() {
    return [this](const char* name) {
      const auto found = variables_.find(name);
      return found == variables_.end() ? std::nullopt : std::optional(found->second);
    };
  }

  std::filesystem::path directory_ =
      std::filesystem::temp_directory_path() / ("pg2duck_toml." + std::to_string(::getpid()));
  std::map<std::string, std::string> variables_;
};

}  // namespace pg2duck::config
