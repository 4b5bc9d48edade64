#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pg2duck::cli {

/// `text` safe to show: control characters as \n, \t or \x1b, bytes that are not UTF-8 as U+FFFD.
/// Names and values come from a database and must not steer the terminal.
std::string printable(std::string_view text);

/// Columns that `text` takes on a terminal: 2 for wide East Asian characters and emoji, 0 for combining marks.
/// @pre `text` is printable
std::size_t display_width(std::string_view text);

/// `text` within `width` columns: the tail, or the middle, is replaced by "...".
std::string elide_end(std::string_view text, std::size_t width);
std::string elide_middle(std::string_view text, std::size_t width);

/// `text` filled with spaces up to `width` columns, behind or in front of it.
std::string pad_right(std::string_view text, std::size_t width);
std::string pad_left(std::string_view text, std::size_t width);

}  // namespace pg2duck::cli
