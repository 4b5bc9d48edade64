#include "cli/terminal/display_text.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace pg2duck::cli {
namespace {

constexpr std::string_view kEllipsis = "...";
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

struct CodePoint {
  char32_t value = 0;
  std::size_t length = 1;
  bool valid = false;
};

std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) {
    return 1;
  }
  if (lead >= 0xC2 && lead <= 0xDF) {
    return 2;
  }
  if (lead >= 0xE0 && lead <= 0xEF) {
    return 3;
  }
  return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

CodePoint decode(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = sequence_length(lead);
  if (length == 0 || length > text.size()) {
    return {};
  }
  if (length == 1) {
    return {.value = lead, .length = 1, .valid = true};
  }
  char32_t value = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0U) != 0x80) {
      return {};
    }
    value = (value << 6) | (byte & 0x3FU);
  }
  constexpr std::array<char32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < kSmallest.at(length) || value > 0x10FFFF || surrogate) {
    return {};
  }
  return {.value = value, .length = length, .valid = true};
}

struct Range {
  char32_t first;
  char32_t last;
};

template <std::size_t Size>
bool within(const std::array<Range, Size>& ranges, char32_t value) {
  return std::ranges::any_of(ranges, [value](Range range) { return value >= range.first && value <= range.last; });
}

std::size_t column_count(char32_t value) {
  // The blocks that terminals agree on (Unicode East_Asian_Width W and F; general categories Mn and Cf).
  constexpr std::array kZero{Range{0x0300, 0x036F}, Range{0x0483, 0x0489}, Range{0x0591, 0x05BD},
                             Range{0x064B, 0x065F}, Range{0x200B, 0x200F}, Range{0x20D0, 0x20F0},
                             Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F}};
  constexpr std::array kWide{Range{0x1100, 0x115F},   Range{0x2E80, 0x303E},   Range{0x3041, 0xA4CF},
                             Range{0xAC00, 0xD7A3},   Range{0xF900, 0xFAFF},   Range{0xFE30, 0xFE6F},
                             Range{0xFF00, 0xFF60},   Range{0xFFE0, 0xFFE6},   Range{0x1F300, 0x1F64F},
                             Range{0x1F680, 0x1F6FF}, Range{0x1F900, 0x1F9FF}, Range{0x20000, 0x3FFFD}};
  if (value < 0x300) {
    return 1;
  }
  if (within(kZero, value)) {
    return 0;
  }
  return within(kWide, value) ? 2 : 1;
}

/// Direction overrides and isolates reorder what follows on the screen.
bool is_control(char32_t value) {
  return value < 0x20 || (value >= 0x7F && value < 0xA0) || (value >= 0x202A && value <= 0x202E) ||
         (value >= 0x2066 && value <= 0x2069) || value == 0x2028 || value == 0x2029;
}

std::string escape_control(char32_t value) {
  switch (value) {
    case '\n':
      return "\\n";
    case '\t':
      return "\\t";
    case '\r':
      return "\\r";
    default:
      return value < 0x100 ? fmt::format("\\x{:02x}", static_cast<unsigned>(value))
                           : fmt::format("\\u{:04x}", static_cast<unsigned>(value));
  }
}

/// Bytes of the longest prefix that takes at most `width` columns.
std::size_t prefix_bytes(std::string_view text, std::size_t width) {
  std::size_t used = 0;
  std::size_t position = 0;
  while (position < text.size()) {
    const CodePoint point = decode(text.substr(position));
    const std::size_t columns = point.valid ? column_count(point.value) : 1;
    if (used + columns > width) {
      break;
    }
    used += columns;
    position += point.length;
  }
  return position;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const CodePoint point = decode(text);
    if (!point.valid) {
      result += kReplacement;
    } else if (is_control(point.value)) {
      result += escape_control(point.value);
    } else {
      result += text.substr(0, point.length);
    }
    text.remove_prefix(point.length);
  }
  return result;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const CodePoint point = decode(text);
    width += point.valid ? column_count(point.value) : 1;
    text.remove_prefix(point.length);
  }
  return width;
}

std::string elide_end(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) {
    return std::string(text);
  }
  if (width <= kEllipsis.size()) {
    return std::string(kEllipsis.substr(0, width));
  }
  return std::string(text.substr(0, prefix_bytes(text, width - kEllipsis.size()))) + std::string(kEllipsis);
}

std::string elide_middle(std::string_view text, std::size_t width) {
  const std::size_t whole = display_width(text);
  if (whole <= width || width <= kEllipsis.size()) {
    return elide_end(text, width);
  }
  const std::size_t kept = width - kEllipsis.size();
  const std::size_t head = kept / 2;
  std::size_t tail_start = prefix_bytes(text, whole - (kept - head));
  // A wide character that straddles the cut belongs to the part that is left out.
  while (display_width(text.substr(tail_start)) > kept - head) {
    tail_start += decode(text.substr(tail_start)).length;
  }
  return std::string(text.substr(0, prefix_bytes(text, head))) + std::string(kEllipsis) +
         std::string(text.substr(tail_start));
}

std::string pad_right(std::string_view text, std::size_t width) {
  const std::size_t used = display_width(text);
  return std::string(text) + std::string(width > used ? width - used : 0, ' ');
}

std::string pad_left(std::string_view text, std::size_t width) {
  const std::size_t used = display_width(text);
  return std::string(width > used ? width - used : 0, ' ') + std::string(text);
}

}  // namespace pg2duck::cli
