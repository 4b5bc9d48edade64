#include "config/setting.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace pg2duck::config {

std::string needs_of(const Setting& setting) {
  using Kind = Setting::Kind;
  if (!setting.needs.empty()) {
    return std::string(setting.needs);
  }
  if (setting.kind == Kind::kChoice) {
    return fmt::format("{} or {}", fmt::join(setting.words.first(setting.words.size() - 1), ", "),
                       setting.words.back());
  }
  if (setting.kind == Kind::kCount) {
    return setting.maximum == UINT64_MAX ? fmt::format("a whole number, {} or more", setting.minimum)
                                         : fmt::format("a number from {} to {}", setting.minimum, setting.maximum);
  }
  return setting.kind == Kind::kSwitch ? "true or false" : "a text";
}

std::string toml_example(const Setting& setting) {
  using Kind = Setting::Kind;
  std::string value(setting.example);
  std::erase(value, '\'');
  const bool bare = setting.kind == Kind::kCount || setting.kind == Kind::kSwitch;
  return bare ? fmt::format("{} = {}", setting.name, value) : fmt::format("{} = \"{}\"", setting.name, value);
}

std::string flag_of(std::string_view name) {
  std::string flag = "--" + std::string(name);
  std::ranges::replace(flag, '_', '-');
  return flag;
}

}  // namespace pg2duck::config
