#include "config/rules/quantity.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/identifier.hpp"

namespace pg2duck::config {
namespace {

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

std::optional<std::uint64_t> unit_seconds(std::string_view unit) {
  struct Unit {
    std::string_view word;
    std::string_view letters;  // a shorter form
    std::uint64_t seconds;
  };

  constexpr std::array kUnits{Unit{"second", "s", 1}, Unit{"minute", "min", 60}, Unit{"hour", "h", 3600},
                              Unit{"day", "d", 86400}, Unit{"week", "w", 604800}};
  if (unit.size() > 3 && unit.ends_with('s')) {
    unit.remove_suffix(1);
  }
  for (const Unit& known : kUnits) {
    if (unit == known.word || unit == known.letters) {
      return known.seconds;
    }
  }
  return std::nullopt;
}

}  // namespace

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

std::optional<std::uint64_t> parse_percentage(std::string_view text) {
  if (!text.ends_with('%')) {
    return std::nullopt;
  }
  text.remove_suffix(1);
  while (text.ends_with(' ')) {
    text.remove_suffix(1);
  }
  const std::optional<std::uint64_t> number = parse_count(text);
  return number && *number <= 100 ? number : std::nullopt;
}

std::optional<std::uint64_t> parse_duration(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc()) {
    return std::nullopt;
  }
  std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  while (unit.starts_with(' ')) {
    unit.remove_prefix(1);
  }
  const std::optional<std::uint64_t> seconds = unit_seconds(fold_case(unit));
  if (!seconds || number > UINT64_MAX / *seconds) {
    return std::nullopt;
  }
  return number * *seconds;
}

}  // namespace pg2duck::config
