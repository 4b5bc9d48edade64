#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pg2duck::config {

/// Which runs the ledger keeps: those that are not older, or so many. Neither is set: all of them.
struct KeptRuns {
  std::optional<std::uint64_t> seconds = std::uint64_t{90} * 86400;
  std::optional<std::uint64_t> count;  ///< 1 or more

  bool operator==(const KeptRuns&) const = default;
};

/// Of "90d", "12 weeks", "500" or "all". Unset when it is none of these.
std::optional<KeptRuns> parse_kept_runs(std::string_view text);

/// "7776000 seconds", "500 runs" or "all"; empty: what holds when nobody says anything.
std::string describe(const KeptRuns& runs);

}  // namespace pg2duck::config
