#include "config/rules/kept_runs.hpp"

#include <fmt/format.h>

#include "config/rules/quantity.hpp"

namespace pg2duck::config {

std::optional<KeptRuns> parse_kept_runs(std::string_view text) {
  if (text == "all") {
    return KeptRuns{.seconds = std::nullopt};
  }
  if (const auto count = parse_count(text); count && *count > 0) {
    return KeptRuns{.seconds = std::nullopt, .count = count};
  }
  if (const auto seconds = parse_duration(text); seconds && *seconds > 0) {
    return KeptRuns{.seconds = seconds};
  }
  return std::nullopt;
}

std::string describe(const KeptRuns& runs) {
  if (runs == KeptRuns{}) {
    return {};
  }
  return runs.seconds ? fmt::format("{} seconds", *runs.seconds)
         : runs.count ? fmt::format("{} runs", *runs.count)
                      : "all";
}

}  // namespace pg2duck::config
