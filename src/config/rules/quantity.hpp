#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace pg2duck::config {

/// Bytes of "512MB", "1.5 GiB", "1073741824": decimal and binary units up to T, case ignored.
/// Unset when it is not a size, is negative, or leaves 64 bits.
std::optional<std::uint64_t> parse_byte_size(std::string_view text);

/// A whole number, digits only. Unset when it is not one or leaves 64 bits.
std::optional<std::uint64_t> parse_count(std::string_view text);

/// Seconds of "7 days", "12 hours", "30min", "90 s", "2 weeks": a whole number and a unit.
/// Unset when it is not one or leaves 64 bits.
std::optional<std::uint64_t> parse_duration(std::string_view text);

/// "50 %", "50%": a whole number up to 100. Unset when it is not one.
std::optional<std::uint64_t> parse_percentage(std::string_view text);

}  // namespace pg2duck::config
