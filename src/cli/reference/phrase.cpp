#include "cli/reference/phrase.hpp"

#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace pg2duck::cli {
namespace {

std::string fallback_phrase(const config::Setting& setting) {
  const bool off = setting.kind == config::Setting::Kind::kSwitch && setting.fallback == "false";
  return setting.fallback.empty() ? "" : fmt::format(" Default: {}.", off ? "off" : setting.fallback);
}

/// " upsert updates them, insert-only leaves them."
std::string meanings_phrase(const config::Setting& setting) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < setting.meanings.size(); ++i) {
    if (!setting.meanings[i].empty()) {
      texts.push_back(fmt::format("{} {}", setting.words[i], setting.meanings[i]));
    }
  }
  return texts.empty() ? "" : fmt::format(" {}.", fmt::join(texts, ", "));
}

}  // namespace

std::string summary_phrase(const config::Setting& setting) {
  return fmt::format("{}.{}", setting.summary, fallback_phrase(setting));
}

std::string plain_phrase(const config::Setting& setting) {
  return fmt::format("{}.{}{}{}", setting.summary, meanings_phrase(setting), setting.details.empty() ? "" : " ",
                     setting.details);
}

std::string whole_phrase(const config::Setting& setting) {
  return plain_phrase(setting) + fallback_phrase(setting);
}

}  // namespace pg2duck::cli
