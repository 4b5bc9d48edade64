#include "config/rules/read_method.hpp"

#include <algorithm>
#include <array>

namespace pg2duck::config {
namespace {

struct Word {
  std::string_view word;
  ReadMethod method;
};

constexpr std::array kWords{Word{"auto", ReadMethod::kAuto}, Word{"copy", ReadMethod::kCopy},
                            Word{"pages", ReadMethod::kPages}, Word{"gentle", ReadMethod::kGentle}};

}  // namespace

std::optional<ReadMethod> parse_read_method(std::string_view text) {
  const auto* found = std::ranges::find(kWords, text, &Word::word);
  return found == kWords.end() ? std::nullopt : std::optional(found->method);
}

std::string_view to_string(ReadMethod method) {
  return std::ranges::find(kWords, method, &Word::method)->word;
}

}  // namespace pg2duck::config
