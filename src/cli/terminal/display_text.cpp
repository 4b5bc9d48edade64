#include "cli/terminal/display_text.hpp"

#include <iterator>

#include <fmt/format.h>
#include <utf8proc.h>

namespace pg2duck::cli {
namespace {

constexpr std::string_view kEllipsis = "...";
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

struct CodePoint {
  utf8proc_int32_t value = 0;
  std::size_t length = 1;
  bool valid = false;
};

CodePoint decode(std::string_view text) {
  utf8proc_int32_t value = 0;
  const utf8proc_ssize_t length =
      utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), std::ssize(text), &value);
  if (length <= 0) {
    return {};
  }
  return {.value = value, .length = static_cast<std::size_t>(length), .valid = true};
}

std::size_t column_count(CodePoint point) {
  return point.valid ? static_cast<std::size_t>(utf8proc_charwidth(point.value)) : 1;
}

/// Direction overrides and isolates reorder what follows on the screen.
bool is_control(utf8proc_int32_t value) {
  const utf8proc_property_t* property = utf8proc_get_property(value);
  switch (property->bidi_class) {
    case UTF8PROC_BIDI_CLASS_LRE:
    case UTF8PROC_BIDI_CLASS_LRO:
    case UTF8PROC_BIDI_CLASS_RLE:
    case UTF8PROC_BIDI_CLASS_RLO:
    case UTF8PROC_BIDI_CLASS_PDF:
    case UTF8PROC_BIDI_CLASS_LRI:
    case UTF8PROC_BIDI_CLASS_RLI:
    case UTF8PROC_BIDI_CLASS_FSI:
    case UTF8PROC_BIDI_CLASS_PDI:
      return true;
    default:
      return property->category == UTF8PROC_CATEGORY_CC || property->category == UTF8PROC_CATEGORY_ZL ||
             property->category == UTF8PROC_CATEGORY_ZP;
  }
}

std::string escape_control(utf8proc_int32_t value) {
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
    const std::size_t columns = column_count(point);
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
    width += column_count(point);
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
