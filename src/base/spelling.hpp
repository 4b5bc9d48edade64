#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pg2duck {

/// Two identifiers and a dot: what is longer is no misspelling, and would make the table of distances large.
constexpr std::size_t kLongestWord = 128;

/// Bytes inserted, left out, replaced, or swapped with their neighbour; of the first kLongestWord bytes of both.
std::size_t edit_distance(std::string_view left, std::string_view right);

/// The word that `wanted` was probably meant to be: few edits away, or starting with it. Unset when none is near.
std::optional<std::string> nearest_word(std::string_view wanted, std::span<const std::string_view> words);

}  // namespace pg2duck
