#include "base/spelling.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace pg2duck {

std::size_t edit_distance(std::string_view left, std::string_view right) {
  left = left.substr(0, kLongestWord);
  right = right.substr(0, kLongestWord);
  std::vector<std::size_t> before_last(right.size() + 1);
  std::vector<std::size_t> last(right.size() + 1);
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= left.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
    before_last.swap(last);
    last.swap(row);
  }
  return last.back();
}

std::optional<std::string> nearest_word(std::string_view wanted, std::span<const std::string_view> words) {
  if (wanted.size() > kLongestWord) {
    return std::nullopt;
  }
  std::optional<std::string> nearest;
  std::size_t best = std::clamp<std::size_t>(wanted.size() / 2, 1, 3) + 1;
  for (const std::string_view word : words) {
    const bool begun = wanted.size() >= 4 && word.starts_with(wanted);
    const std::size_t distance = begun ? 1 : edit_distance(wanted, word);
    if (distance < best) {
      best = distance;
      nearest = std::string(word);
    }
  }
  return nearest;
}

}  // namespace pg2duck
