#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace pg2duck::config {

/// A word that a setting takes, and what it means.
template <typename Value>
struct Choice {
  std::string_view word;
  Value value;
  std::string_view meaning;  ///< "updates them", as the reference tells it; empty: the setting's details do
};

/// The words of an enumeration, in the order in which they are shown. An enumeration that can be set has a
/// specialization beside it.
template <typename Value>
inline constexpr std::array<Choice<Value>, 0> kChoices{};

/// nullopt: `text` is none of its words.
template <typename Value>
constexpr std::optional<Value> parse_choice(std::string_view text) {
  const auto* found = std::ranges::find(kChoices<Value>, text, &Choice<Value>::word);
  return found == kChoices<Value>.end() ? std::nullopt : std::optional(found->value);
}

/// The word of `value`.
template <typename Value>
constexpr std::string_view word_of(Value value) {
  return std::ranges::find(kChoices<Value>, value, &Choice<Value>::value)->word;
}

/// The words alone.
template <typename Value>
inline constexpr auto kWords = [] {
  std::array<std::string_view, kChoices<Value>.size()> words{};
  std::ranges::transform(kChoices<Value>, words.begin(), &Choice<Value>::word);
  return words;
}();

/// What they mean, in the same order.
template <typename Value>
inline constexpr auto kMeanings = [] {
  std::array<std::string_view, kChoices<Value>.size()> meanings{};
  std::ranges::transform(kChoices<Value>, meanings.begin(), &Choice<Value>::meaning);
  return meanings;
}();

}  // namespace pg2duck::config
