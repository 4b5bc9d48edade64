#include "types/type_growth.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <vector>

namespace pg2duck::types {
namespace {

/// timestamp(3) without time zone[]: the name with what follows it, and the numbers.
struct Written {
  std::string name;
  std::vector<int> numbers;
  bool array = false;
};

constexpr std::string_view kArray = "[]";
constexpr int kMostDigits = 6;  // of a second

// Each holds all values of those before it.
constexpr std::array<std::string_view, 4> kIntegers = {"smallint", "integer", "bigint", "numeric"};
constexpr std::array<std::string_view, 2> kFloats = {"real", "double precision"};
// Written in one way only.
constexpr std::array<std::string_view, 5> kPlain = {"smallint", "integer", "bigint", "boolean", "uuid"};
constexpr std::array<std::string_view, 2> kTexts = {"character varying", "text"};
constexpr std::array<std::string_view, 5> kTimes = {"timestamp without time zone", "timestamp with time zone",
                                                    "time without time zone", "time with time zone", "interval"};

Written parse(std::string_view type) {
  Written written;
  if (type.ends_with(kArray)) {
    written.array = true;
    type.remove_suffix(kArray.size());
  }
  const std::size_t open = type.find('(');
  const std::size_t close = type.find(')', std::min(open, type.size()));
  written.name = type.substr(0, open);
  if (close == std::string_view::npos) {
    return written;
  }
  written.name += type.substr(close + 1);
  for (std::size_t at = open + 1; at < close;) {
    int number = 0;
    std::from_chars(type.data() + at, type.data() + close, number);
    written.numbers.push_back(number);
    at = std::min(type.find(',', at), close) + 1;
  }
  return written;
}

template <std::size_t N>
std::optional<std::size_t> place(const std::array<std::string_view, N>& names, const std::string& name) {
  const auto found = std::ranges::find(names, name);
  return found == names.end() ? std::nullopt : std::optional<std::size_t>(found - names.begin());
}

template <std::size_t N>
bool rises(const std::array<std::string_view, N>& names, const Written& was, const Written& now) {
  const auto from = place(names, was.name);
  const auto to = place(names, now.name);
  return from && to && *from < *to && now.numbers.empty();
}

bool has_more_characters(const Written& was, const Written& now) {
  return now.numbers.empty() || (!was.numbers.empty() && now.numbers[0] >= was.numbers[0]);
}

/// numeric(precision, scale).
bool has_more_digits(const Written& was, const Written& now) {
  if (now.numbers.empty() || was.numbers.empty()) {
    return now.numbers.empty();
  }
  const auto scale = [](const Written& type) { return type.numbers.size() > 1 ? type.numbers[1] : 0; };
  return scale(now) >= scale(was) && now.numbers[0] - scale(now) >= was.numbers[0] - scale(was);
}

int digits(const Written& type) {
  return type.numbers.empty() ? kMostDigits : type.numbers[0];
}

}  // namespace

bool is_growth(std::string_view was_text, std::string_view now_text) {
  if (was_text == now_text) {
    return true;
  }
  const Written was = parse(was_text);
  const Written now = parse(now_text);
  if (was.array != now.array) {
    return false;
  }
  if (place(kTexts, now.name)) {
    return (place(kTexts, was.name) && has_more_characters(was, now)) ||
           (place(kPlain, was.name) && now.numbers.empty());
  }
  if (was.name == now.name) {
    return (now.name == "numeric" && has_more_digits(was, now)) ||
           (now.name == "bit varying" && has_more_characters(was, now)) ||
           (place(kTimes, now.name) && digits(now) >= digits(was));
  }
  return rises(kIntegers, was, now) || rises(kFloats, was, now);
}

}  // namespace pg2duck::types
