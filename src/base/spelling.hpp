#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pg2duck {

/// The word that `wanted` was probably meant to be: few edits away, or starting with it. Unset when none is near.
std::optional<std::string> nearest_word(std::string_view wanted, std::span<const std::string_view> words);

}  // namespace pg2duck
