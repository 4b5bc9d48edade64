#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pg2duck::cli {

/// "1,500,000".
std::string format_count(std::uint64_t count);

/// "1 row", "1,500 rows"; `noun` is one that only takes an s.
std::string format_count_of(std::uint64_t count, std::string_view noun);

/// Two decimals and thousands separators: "1,234.56".
std::string format_seconds(double seconds);

/// Powers of 1000, one decimal: "215.3 MB"; below 1000 plain: "512 B".
std::string format_bytes(std::uint64_t bytes);

/// "85.3 MB/s"; "-" when no time has passed.
std::string format_rate(std::uint64_t bytes, double seconds);

/// "1,234" a second, whole numbers; "-" when no time has passed.
std::string format_per_second(std::uint64_t count, double seconds);

/// "0:12", "12:34", "1:02:03".
std::string format_clock(double seconds);

/// Time left when `fraction` of the work took `seconds`; unset while that would be a wild guess.
std::optional<double> seconds_left(double fraction, double seconds);

}  // namespace pg2duck::cli
