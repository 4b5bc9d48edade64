#include "cli/terminal/paragraph.hpp"

#include <algorithm>

#include "cli/terminal/display_text.hpp"

namespace pg2duck::cli {

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) {
      words.emplace_back(text.substr(0, end));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

std::vector<std::string> wrap(const std::vector<std::string>& words, std::size_t width) {
  std::vector<std::string> lines;
  std::size_t used = width;
  for (const std::string& word : words) {
    const std::size_t needed = display_width(word) + 1;
    if (lines.empty() || used + needed > width) {
      lines.push_back(word);
      used = needed - 1;
    } else {
      lines.back() += " " + word;
      used += needed;
    }
  }
  return lines;
}

}  // namespace pg2duck::cli
