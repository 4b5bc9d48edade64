#include "types/conversion.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace pg2duck::types {
namespace {

/// A number as digits before and after the point.
struct Digits {
  int before = 0;
  int after = 0;
  bool decimal = false;

  [[nodiscard]] bool holds(const Digits& other) const { return before >= other.before && after >= other.after; }
};

/// An integer type and the digits that hold all its values; in the order of their ranges.
struct Integer {
  std::string_view name;
  int digits;
};

constexpr std::array kIntegers{Integer{"TINYINT", 3}, Integer{"SMALLINT", 5}, Integer{"INTEGER", 10},
                               Integer{"BIGINT", 19}, Integer{"HUGEINT", 39}};

const Integer* integer(std::string_view type) {
  const auto* found = std::ranges::find(kIntegers, type, &Integer::name);
  return found == kIntegers.end() ? nullptr : found;
}

/// The P and S of "DECIMAL(P,S)".
std::optional<Digits> decimal(std::string_view type) {
  constexpr std::string_view kPrefix = "DECIMAL(";
  if (!type.starts_with(kPrefix)) {
    return std::nullopt;
  }
  type.remove_prefix(kPrefix.size());
  int width = 0;
  int scale = 0;
  const auto [comma, problem] = std::from_chars(type.data(), type.data() + type.size(), width);
  if (problem != std::errc() || std::from_chars(comma + 1, type.data() + type.size(), scale).ec != std::errc()) {
    return std::nullopt;
  }
  return Digits{.before = width - scale, .after = scale, .decimal = true};
}

std::optional<Digits> digits(std::string_view type) {
  if (const Integer* known = integer(type); known != nullptr) {
    return Digits{.before = known->digits};
  }
  return decimal(type);
}

bool one_of(std::string_view type, std::initializer_list<std::string_view> types) {
  return std::ranges::find(types, type) != types.end();
}

/// Whether every value of `from` is a value of `to`, written alike.
bool holds(std::string_view to, std::string_view from) {
  if (integer(from) != nullptr && integer(to) != nullptr) {
    return integer(to) > integer(from);
  }
  const std::optional<Digits> wide = decimal(to);
  const std::optional<Digits> narrow = digits(from);
  if (wide && narrow) {
    return wide->holds(*narrow);
  }
  if (to == "DOUBLE") {
    return one_of(from, {"FLOAT", "TINYINT", "SMALLINT", "INTEGER"});
  }
  return to == "FLOAT" && one_of(from, {"TINYINT", "SMALLINT"});
}

/// Whether DuckDB writes each value as Postgres does, so that a column may become text.
bool prints_alike(std::string_view type) {
  return integer(type) != nullptr || one_of(type, {"BOOLEAN", "UUID"}) || type.starts_with("ENUM(");
}

}  // namespace

Conversion conversion(std::string_view from, std::string_view to) {
  if (from == to) {
    return Conversion::kNone;
  }
  const bool lists = from.ends_with("[]") && to.ends_with("[]");
  if (lists) {
    return conversion(from.substr(0, from.size() - 2), to.substr(0, to.size() - 2));
  }
  if (holds(to, from) || (to == "VARCHAR" && prints_alike(from))) {
    return Conversion::kWiden;
  }
  const std::optional<Digits> old = decimal(from);
  const std::optional<Digits> fresh = decimal(to);
  if ((old && fresh && fresh->after >= old->after && !holds(from, to)) ||
      (from.starts_with("ENUM(") && to.starts_with("ENUM(")) || (from == "DATE" && to == "TIMESTAMP")) {
    return Conversion::kTry;
  }
  return holds(from, to) ? Conversion::kHold : Conversion::kRefused;
}

}  // namespace pg2duck::types
