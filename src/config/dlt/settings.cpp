#include "config/dlt/settings.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/identifier.hpp"
#include "config/private_file.hpp"
#include "config/rules/table_pattern.hpp"
#include "config/toml/value.hpp"

namespace pg2duck::config {
namespace {

constexpr const char* kConfigFile = "config.toml";
constexpr const char* kSecretsFile = "secrets.toml";

/// Where a value may stand, in dlt's order.
enum Provider { kEnvironment, kSecrets, kConfig };

std::string variable_name(const std::vector<std::string>& path) {
  std::string name = fmt::format("{}", fmt::join(path, "__"));
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return name;
}

std::string printed(const toml::node& node) {
  if (const auto* text = node.as_string()) {
    return text->get();
  }
  if (const auto* value = node.as_boolean()) {
    return value->get() ? "True" : "False";
  }
  if (const auto* number = node.as_integer()) {
    return std::to_string(number->get());
  }
  if (const auto* number = node.as_floating_point()) {
    return fmt::format("{}", number->get());
  }
  return time_text(node).value_or("");
}

const toml::node* child(const toml::node* node, const std::string& key) {
  const toml::table* table = node == nullptr ? nullptr : node->as_table();
  return table == nullptr ? nullptr : table->get(key);
}

void read_into(std::vector<DltSettings::File>& files, const std::filesystem::path& folder, const char* name,
               const Environment& environment) {
  const std::filesystem::path path = folder / name;
  std::error_code ignored;
  if (folder.empty() || !std::filesystem::is_regular_file(path, ignored)) {
    return;
  }
  FileText content = read_file(path);
  const TomlDocument document{
      .name = path.lexically_normal().string(), .directory = folder, .environment = environment, .exposure = {}};
  files.push_back({.name = document.name,
                   .table = parse_toml(document, content.text),
                   .exposure = std::move(content.exposure),
                   .secrets = name == std::string_view(kSecretsFile)});
}

}  // namespace

DltFolders DltFolders::find(const Environment& environment, bool root) {
  const std::string folder = environment("DLT_CONFIG_FOLDER").value_or(".dlt");
  DltFolders folders;
  folders.project = std::filesystem::path(environment("DLT_PROJECT_DIR").value_or(".")) / folder;
  const auto home = environment("HOME");
  const auto data = environment("XDG_DATA_HOME");
  std::error_code ignored;
  if (root) {
    folders.global = "/var/dlt";
  } else if (!home || ::access(home->c_str(), W_OK) != 0) {
    folders.global = "/tmp/dlt";
  } else if (data && !std::filesystem::is_directory(std::filesystem::path(*home) / folder, ignored)) {
    folders.global = std::filesystem::path(*data) / "dlt";
  } else {
    folders.global = std::filesystem::path(*home) / folder;
  }
  return folders;
}

bool DltFolders::is_project() const {
  std::error_code ignored;
  return std::filesystem::is_regular_file(project / kConfigFile, ignored) ||
         std::filesystem::is_regular_file(project / kSecretsFile, ignored);
}

DltSettings DltSettings::read(const DltFolders& folders, const Environment& environment, std::string pipeline) {
  DltSettings settings;
  for (const char* name : {kSecretsFile, kConfigFile}) {
    read_into(settings.files_, folders.project, name, environment);
    read_into(settings.files_, folders.global, name, environment);
  }
  settings.environment_ = environment;
  settings.pipeline_ = std::move(pipeline);
  settings.secrets_directory_ = folders.secrets;
  return settings;
}

std::optional<DltValue> DltSettings::in_environment(const Sections& path, bool secret) const {
  const std::string name = variable_name(path);
  if (secret) {
    std::string file_name = fold_case(name);
    std::ranges::replace(file_name, '_', '-');
    std::filesystem::path file = secrets_directory_ / file_name;
    std::error_code ignored;
    // Kubernetes keeps a secret as a file in a directory of its name.
    if (std::filesystem::is_directory(file, ignored)) {
      file /= file_name;
    }
    if (std::filesystem::is_regular_file(file, ignored)) {
      return DltValue{.text = std::string(trim(read_file(file).text)), .node = nullptr, .place = file.string()};
    }
  }
  const std::optional<std::string> value = environment_(name.c_str());
  return value ? std::optional(DltValue{.text = *value, .node = nullptr, .place = name}) : std::nullopt;
}

std::optional<DltValue> DltSettings::in_files(const Sections& path, bool secrets) const {
  for (const File& file : files_) {
    if (file.secrets != secrets) {
      continue;
    }
    const toml::node* node = &file.table;
    for (const std::string& key : path) {
      if (!node->is_table()) {
        // Merged with the global file, this value stands where that one has a section.
        return std::nullopt;
      }
      node = child(node, key);
      if (node == nullptr) {
        break;
      }
    }
    if (node != nullptr) {
      return DltValue{
          .text = printed(*node), .node = node, .place = fmt::format("{}:{}", file.name, node->source().begin.line)};
    }
  }
  return std::nullopt;
}

std::optional<DltValue> DltSettings::at(const Sections& path, int provider, bool secret) const {
  if (provider == kEnvironment) {
    return in_environment(path, secret);
  }
  auto found = in_files(path, provider == kSecrets);
  if (found && secret && provider == kConfig) {
    throw Error(ErrorKind::kConfig, fmt::format("{}: {} is a secret, which dlt takes from no config.toml", found->place,
                                                fmt::join(path, ".")))
        .set_hint("move it to .dlt/secrets.toml, or into the environment variable " + variable_name(path));
  }
  return found;
}

std::optional<DltValue> DltSettings::find(const Sections& sections, const std::string& key, const std::string& tail,
                                          bool secret) const {
  for (const bool prefixed : {true, false}) {
    for (const Provider provider : {kEnvironment, kSecrets, kConfig}) {
      for (std::size_t kept = sections.size() + 1; kept-- > 0;) {
        Sections path;
        if (prefixed) {
          path.push_back(pipeline_);
        }
        path.insert(path.end(), sections.begin(), sections.begin() + static_cast<std::ptrdiff_t>(kept));
        if (!tail.empty()) {
          path.push_back(tail);
        }
        path.push_back(key);
        if (auto found = at(path, provider, secret)) {
          return found;
        }
      }
    }
  }
  return std::nullopt;
}

std::optional<DltValue> DltSettings::find_exactly(const Sections& sections, const std::string& key) const {
  Sections path = sections;
  path.push_back(key);
  for (const Provider provider : {kEnvironment, kSecrets, kConfig}) {
    if (auto found = at(path, provider, false)) {
      return found;
    }
  }
  return std::nullopt;
}

std::optional<std::int64_t> DltSettings::find_integer(const Sections& sections, const std::string& key,
                                                      const std::string& tail) const {
  const auto found = find(sections, key, tail);
  return found ? std::optional(integer_of(*found, key)) : std::nullopt;
}

std::int64_t integer_of(const DltValue& value, const std::string& key) {
  const auto number = python_integer(value.text);
  if (!number) {
    throw Error(ErrorKind::kConfig, fmt::format("{}: {} needs a whole number, not '{}'", value.place, key, value.text))
        .set_hint(fmt::format("e.g. {} = 4", key));
  }
  return *number;
}

std::optional<std::int64_t> python_integer(std::string_view text) {
  text = trim(text);
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool between = i > 0 && i + 1 < text.size() && text[i - 1] != '_' && text[i - 1] != '-' && text[i - 1] != '+';
    if (text[i] == '_' && between) {
      continue;
    }
    digits += i == 0 && text[i] == '+' ? std::string() : std::string(1, text[i]);
  }
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return failure == std::errc() && end == digits.data() + digits.size() ? std::optional(number) : std::nullopt;
}

}  // namespace pg2duck::config
