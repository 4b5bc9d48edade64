#include "cli/units.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "base/identifier.hpp"

namespace pg2duck::cli {
namespace {

std::string group_thousands(std::string digits) {
  for (std::size_t at = digits.size(); at > 3; at -= 3) {
    digits.insert(at - 3, 1, ',');
  }
  return digits;
}

std::optional<double> unit_factor(std::string_view unit) {
  struct Unit {
    std::string_view name;
    double factor;
  };

  constexpr std::array kUnits{Unit{"", 1.0},
                              Unit{"b", 1.0},
                              Unit{"kb", 1e3},
                              Unit{"mb", 1e6},
                              Unit{"gb", 1e9},
                              Unit{"tb", 1e12},
                              Unit{"kib", 1024.0},
                              Unit{"mib", 1048576.0},
                              Unit{"gib", 1073741824.0},
                              Unit{"tib", 1099511627776.0}};
  const auto* found = std::ranges::find(kUnits, unit, &Unit::name);
  return found == kUnits.end() ? std::nullopt : std::optional(found->factor);
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

std::optional<std::uint64_t> parse_byte_size(std::string_view text) {
  double number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (failure != std::errc()) {
    return std::nullopt;
  }
  std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  while (unit.starts_with(' ')) {
    unit.remove_prefix(1);
  }
  const std::optional<double> factor = unit_factor(fold_case(unit));
  // 2^63 is far above any machine; a double still holds it exactly. The comparison also refuses nan.
  if (!factor || !(number >= 0 && number * *factor < 9223372036854775808.0)) {
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(number * *factor);
}

std::optional<std::uint64_t> parse_count(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return number;
}

}  // namespace pg2duck::cli
