#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/decode/wire.hpp"
#include "types/pg_type.hpp"

namespace pg2duck::test_support {

inline std::string wire_double(double value) {
  return wire(std::bit_cast<std::uint64_t>(value));
}

/// `text` (like "-120.50") as Postgres sends it: groups of four digits around the point, zero groups stripped.
inline std::string encode_numeric(std::string text) {
  const bool negative = text.starts_with('-');
  text.erase(0, negative ? 1 : 0);
  std::string whole = text.substr(0, text.find('.'));
  std::string fraction = text.find('.') == std::string::npos ? "" : text.substr(text.find('.') + 1);
  const auto display_scale = static_cast<std::int16_t>(fraction.size());
  whole.insert(0, (4 - whole.size() % 4) % 4, '0');
  fraction.append((4 - fraction.size() % 4) % 4, '0');
  auto weight = static_cast<std::int16_t>(whole.size() / 4 - 1);
  const std::string digits = whole + fraction;
  std::vector<std::uint16_t> groups;
  for (std::size_t i = 0; i < digits.size(); i += 4) {
    groups.push_back(static_cast<std::uint16_t>(std::stoi(digits.substr(i, 4))));
  }
  std::size_t leading = 0;
  while (leading < groups.size() && groups[leading] == 0) {
    ++leading;
  }
  groups.erase(groups.begin(), groups.begin() + static_cast<std::ptrdiff_t>(leading));
  weight = static_cast<std::int16_t>(weight - static_cast<std::int16_t>(leading));
  while (!groups.empty() && groups.back() == 0) {
    groups.pop_back();
  }
  return wire_numeric(groups.empty() ? std::int16_t{0} : weight, negative ? kMinus : kPlus, groups, display_scale);
}

/// One dimension of an array.
struct Dimension {
  std::int32_t size;
  std::int32_t lower_bound = 1;
};

/// An array's header as it is asked for, without its elements.
inline std::string wire_array_header(const std::vector<Dimension>& dimensions, types::Oid element,
                                     std::uint32_t flags = 0) {
  Wire out;
  out.put(static_cast<std::int32_t>(dimensions.size())).put(flags).put(element);
  for (const Dimension& dimension : dimensions) {
    out.put(dimension.size).put(dimension.lower_bound);
  }
  return out;
}

/// An array of several dimensions, its elements in row-major order.
inline std::string wire_array(types::Oid element, const std::vector<Dimension>& dimensions,
                              const std::vector<std::optional<std::string>>& values) {
  Wire out;
  out.put(std::string_view(wire_array_header(dimensions, element)));
  for (const auto& value : values) {
    out.field(value);
  }
  return out;
}

using WireMember = std::pair<types::Oid, std::optional<std::string>>;

/// A composite value: its fields with their OIDs.
inline std::string wire_composite(const std::vector<WireMember>& members) {
  Wire out;
  out.put(static_cast<std::int32_t>(members.size()));
  for (const auto& [type, value] : members) {
    out.put(type).field(value);
  }
  return out;
}

// The first byte of a range.
inline constexpr std::uint8_t kRangeEmpty = 0x01;
inline constexpr std::uint8_t kLowerIncluded = 0x02;
inline constexpr std::uint8_t kUpperIncluded = 0x04;
inline constexpr std::uint8_t kLowerInfinite = 0x08;
inline constexpr std::uint8_t kUpperInfinite = 0x10;

/// A range with the bounds that are given, whatever its flags say.
inline std::string wire_range(std::uint8_t flags, const std::vector<std::string>& bounds) {
  Wire out;
  out.put(flags);
  for (const std::string& bound : bounds) {
    out.field(bound);
  }
  return out;
}

inline std::string wire_multirange(const std::vector<std::string>& ranges) {
  Wire out;
  out.put(static_cast<std::int32_t>(ranges.size()));
  for (const std::string& range : ranges) {
    out.field(range);
  }
  return out;
}

}  // namespace pg2duck::test_support
