#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pg2duck::cli {

/// The words of `text`, between blanks. What `text` quotes as a whole may be given as one word.
std::vector<std::string> words_of(std::string_view text);

/// Words put into lines of at most `width` columns; a longer word gets a line of its own.
std::vector<std::string> wrap(const std::vector<std::string>& words, std::size_t width);

}  // namespace pg2duck::cli
