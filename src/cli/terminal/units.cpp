#include "cli/terminal/units.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace pg2duck::cli {
namespace {

std::string group_thousands(std::string digits) {
  for (std::size_t at = digits.size(); at > 3; at -= 3) {
    digits.insert(at - 3, 1, ',');
  }
  return digits;
}

}  // namespace

std::string format_count(std::uint64_t count) {
  return group_thousands(fmt::format("{}", count));
}

std::string format_count_of(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", format_count(count), noun, count == 1 ? "" : "s");
}

std::string format_seconds(double seconds) {
  std::string text = fmt::format("{:.2f}", std::max(0.0, seconds));
  const std::size_t point = text.find('.');
  return point == std::string::npos ? text : group_thousands(text.substr(0, point)) + text.substr(point);
}

std::string format_bytes(std::uint64_t bytes) {
  constexpr std::array kNames{"kB", "MB", "GB", "TB", "PB", "EB"};
  if (bytes < 1000) {
    return fmt::format("{} B", bytes);
  }
  double value = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  // 999.95 would print as 1000.0.
  while (value >= 999.95 && unit + 1 < kNames.size()) {
    value /= 1000;
    ++unit;
  }
  return fmt::format("{:.1f} {}", value, kNames.at(unit));
}

std::string format_rate(std::uint64_t bytes, double seconds) {
  return seconds > 0 ? fmt::format("{:.1f} MB/s", static_cast<double>(bytes) / seconds / 1e6) : "-";
}

std::string format_per_second(std::uint64_t count, double seconds) {
  return seconds > 0 ? format_count(static_cast<std::uint64_t>(std::llround(static_cast<double>(count) / seconds)))
                     : "-";
}

std::string format_clock(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::llround(std::clamp(seconds, 0.0, 359999.0)));
  const std::uint64_t hours = whole / 3600;
  return hours > 0 ? fmt::format("{}:{:02}:{:02}", hours, whole / 60 % 60, whole % 60)
                   : fmt::format("{}:{:02}", whole / 60, whole % 60);
}

std::optional<double> seconds_left(double fraction, double seconds) {
  if (fraction < 0.01 || seconds < 0.5) {
    return std::nullopt;
  }
  return std::max(0.0, seconds / fraction - seconds);
}

}  // namespace pg2duck::cli
