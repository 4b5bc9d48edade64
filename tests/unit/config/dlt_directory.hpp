#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <unistd.h>

#include "config/dlt/settings.hpp"
#include "config/environment.hpp"

namespace pg2duck::config {

/// A directory with the files of one project.
class DltDirectory {
 public:
  DltDirectory() { std::filesystem::create_directories(directory_); }

  DltDirectory(const DltDirectory&) = delete;
  DltDirectory& operator=(const DltDirectory&) = delete;

  ~DltDirectory() { std::filesystem::remove_all(directory_); }

  void write(const std::string& name, const std::string& text) {
    const std::filesystem::path file = directory_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
    std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }

  void set(const std::string& name, const std::string& value) {
    const bool path = name == "DLT_PROJECT_DIR" || name == "XDG_DATA_HOME";
    variables_[name] = path ? (directory_ / value).string() : value;
  }

  [[nodiscard]] Environment environment() const {
    return [this](const char* name) -> std::optional<std::string> {
      const auto found = variables_.find(name);
      if (found != variables_.end()) {
        return found->second;
      }
      if (name == std::string_view("HOME")) {
        return (directory_ / "home").string();
      }
      return std::nullopt;
    };
  }

  [[nodiscard]] DltFolders folders() const {
    std::filesystem::create_directories(directory_ / "home");
    DltFolders folders = DltFolders::find(environment(), false);
    folders.project = variables_.contains("DLT_PROJECT_DIR") ? folders.project : directory_ / folders.project;
    folders.secrets = directory_ / "secrets";
    return folders;
  }

  [[nodiscard]] DltSettings settings() const { return DltSettings::read(folders(), environment(), "pg2md"); }

  [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }

 private:
  std::filesystem::path directory_ =
      std::filesystem::temp_directory_path() / ("pg2duck_dlt." + std::to_string(::getpid()));
  std::map<std::string, std::string> variables_;
};

/// Credentials of both sides, for a project that is about something else.
inline constexpr const char* kSecrets = R"([sources.sql_database.credentials]
drivername = "postgresql"
database = "shop"
host = "db"
password = "correct-horse"
username = "reader"
[destination.motherduck.credentials]
token = "battery"
)";

}  // namespace pg2duck::config
