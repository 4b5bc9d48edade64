#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

#include "config/environment.hpp"

namespace pg2duck::config {

/// Where dlt looks for the files of a project.
struct DltFolders {
  std::filesystem::path project;  ///< .dlt in the working directory; DLT_PROJECT_DIR and DLT_CONFIG_FOLDER move it
  std::filesystem::path global;   ///< for all projects of the user: its values are below the project's
  std::filesystem::path secrets = "/run/secrets";  ///< secrets of containers, as files

  /// As dlt 1.31 finds them (dlt/common/runtime/run_context.py). `root`: the process has its rights.
  static DltFolders find(const Environment& environment, bool root);
  /// The project's folder holds one of its two files.
  [[nodiscard]] bool is_project() const;
};

/// A value that was found, as it was written.
struct DltValue {
  std::string text;                  ///< of the environment; of a file: strings as they are, numbers and such printed
  const toml::node* node = nullptr;  ///< set when it stands in a file
  std::string place;                 ///< "SOURCES__SQL_DATABASE__SCHEMA", ".dlt/config.toml:12"
};

/// Settings of a dlt project: environment, secrets.toml and config.toml, and the order in which dlt searches them.
///
/// A key is looked for under all its sections, then with the innermost dropped, and so on to the bare key; each place
/// (environment, secrets, config) is searched through before the next. All of that is done first with the pipeline's
/// name in front, then without (dlt/common/configuration/resolve.py). An empty text is a value.
class DltSettings {
 public:
  using Sections = std::vector<std::string>;

  /// @error Error(kConfig) with line and column for TOML that cannot be read
  static DltSettings read(const DltFolders& folders, const Environment& environment, std::string pipeline);

  /// `key` below `sections`; `tail`, if given, is kept while sections are dropped, as "credentials" is.
  /// @error Error(kConfig) when `secret` is found in config.toml, where dlt allows none
  [[nodiscard]] std::optional<DltValue> find(const Sections& sections, const std::string& key,
                                             const std::string& tail = {}, bool secret = false) const;

  /// `key` in exactly these sections, without the pipeline's name.
  [[nodiscard]] std::optional<DltValue> find_exactly(const Sections& sections, const std::string& key) const;

  /// The same as a whole number, Python's way: blanks around it and single underscores within are fine.
  /// @error Error(kConfig) when it is none
  [[nodiscard]] std::optional<std::int64_t> find_integer(const Sections& sections, const std::string& key,
                                                         const std::string& tail = {}) const;

  struct File {
    std::string name;  ///< ".dlt/config.toml"
    toml::table table;
    std::string exposure;  ///< why others can read it (config/private_file.hpp)
    bool secrets = false;
  };

  /// What was read, the project's files before the global ones.
  [[nodiscard]] const std::vector<File>& files() const { return files_; }

  [[nodiscard]] const std::string& pipeline() const { return pipeline_; }

 private:
  [[nodiscard]] std::optional<DltValue> in_environment(const Sections& path, bool secret) const;
  [[nodiscard]] std::optional<DltValue> in_files(const Sections& path, bool secrets) const;
  [[nodiscard]] std::optional<DltValue> at(const Sections& path, int provider, bool secret) const;

  std::vector<File> files_;
  Environment environment_;
  std::string pipeline_;
  std::filesystem::path secrets_directory_;
};

/// `value` of `key` as a whole number.
/// @error Error(kConfig) when it is none
std::int64_t integer_of(const DltValue& value, const std::string& key);

/// Python's int() of a text; nullopt: it would raise.
std::optional<std::int64_t> python_integer(std::string_view text);

}  // namespace pg2duck::config
