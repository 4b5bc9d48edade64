#include "cli/reference/phrase.hpp"

#include <fmt/format.h>

namespace pg2duck::cli {
namespace {

std::string fallback_phrase(const config::Setting& setting) {
  const bool off = setting.kind == config::Setting::Kind::kSwitch && setting.fallback == "false";
  return setting.fallback.empty() ? "" : fmt::format(" Default: {}.", off ? "off" : setting.fallback);
}

}  // namespace

std::string summary_phrase(const config::Setting& setting) {
  return fmt::format("{}.{}", setting.summary, fallback_phrase(setting));
}

std::string whole_phrase(const config::Setting& setting) {
  return fmt::format("{}.{}{}{}", setting.summary, setting.details.empty() ? "" : " ", setting.details,
                     fallback_phrase(setting));
}

}  // namespace pg2duck::cli
