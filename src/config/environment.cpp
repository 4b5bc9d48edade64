#include "config/environment.hpp"

#include <algorithm>
#include <cstdlib>

namespace pg2duck::config {

std::optional<std::string> process_environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? std::nullopt : std::optional<std::string>(value);
}

std::optional<std::string> raw_process_environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::string variable_of(std::string_view setting) {
  std::string name = "PG2DUCK_";
  for (const char c : setting) {
    name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return name;
}

}  // namespace pg2duck::config
