#include "types/change/conversion.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <utility>

namespace pg2duck::types {
namespace {

using Kind = TypeText::Kind;

constexpr std::string_view kText = "VARCHAR";

/// A number as digits before and after the point.
struct Places {
  int before = 0;
  int after = 0;

  [[nodiscard]] bool holds(const Places& other) const { return before >= other.before && after >= other.after; }
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
std::optional<Places> decimal(std::string_view type) {
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
  return Places{.before = width - scale, .after = scale};
}

std::optional<Places> places(std::string_view type) {
  if (const Integer* known = integer(type); known != nullptr) {
    return Places{.before = known->digits};
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
  const std::optional<Places> wide = decimal(to);
  const std::optional<Places> narrow = places(from);
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

Conversion plain_conversion(std::string_view from, std::string_view to, Digits digits) {
  if (holds(to, from) || (to == kText && (prints_alike(from) || (digits == Digits::kLearnt && decimal(from))))) {
    return Conversion::kCast;
  }
  const std::optional<Places> old = decimal(from);
  const std::optional<Places> fresh = decimal(to);
  // Whether learnt digits after the point are more than there are nobody knows but the values.
  const bool may_fit = (old && fresh && (fresh->after >= old->after || digits == Digits::kLearnt)) ||
                       (from.starts_with("ENUM(") && to.starts_with("ENUM(")) || (from == "DATE" && to == "TIMESTAMP");
  return may_fit ? Conversion::kTry : Conversion::kAbsent;
}

bool has_same_parts(const TypeText& one, const TypeText& other) {
  return one.kind == other.kind && one.kind != Kind::kPlain && (one.kind == Kind::kStruct || one.name == other.name);
}

Conversion struct_conversion(const TypeText& from, const TypeText& to, Digits digits) {
  Conversion most = from.fields == to.fields ? Conversion::kNone : Conversion::kCast;
  for (std::size_t i = 0; i < from.fields.size(); ++i) {
    const TypeText* field = to.field(from.fields[i]);
    most = std::max(most, field == nullptr ? Conversion::kAbsent : conversion(from.children[i], *field, digits));
  }
  return most;
}

/// What the two plain types share.
TypeText shared_plain(const TypeText& old, const TypeText& fresh, Digits digits) {
  const Conversion there = plain_conversion(old.name, fresh.name, digits);
  if (there == Conversion::kCast) {
    return fresh;
  }
  const std::optional<Places> was = decimal(old.name);
  const std::optional<Places> now = decimal(fresh.name);
  return holds(old.name, fresh.name) || (was && now && was->after > now->after) ? old : fresh;
}

/// Part by part what both have in common.
TypeText shared(const TypeText& old, const TypeText& fresh, Digits digits) {
  if (old == fresh) {
    return old;
  }
  if (old.kind == Kind::kPlain && fresh.kind == Kind::kPlain) {
    return shared_plain(old, fresh, digits);
  }
  TypeText both = fresh;
  if (!has_same_parts(old, fresh)) {
    return both;
  }
  for (std::size_t i = 0; i < both.children.size(); ++i) {
    const TypeText* was = old.kind == Kind::kStruct ? old.field(both.fields[i]) : &old.children[i];
    if (was != nullptr) {
      both.children[i] = shared(*was, fresh.children[i], digits);
    }
  }
  return both;
}

}  // namespace

Conversion conversion(const TypeText& from, const TypeText& to, Digits digits) {
  if (from == to) {
    return Conversion::kNone;
  }
  if (from.kind == Kind::kPlain && to.kind == Kind::kPlain) {
    return plain_conversion(from.name, to.name, digits);
  }
  if (!has_same_parts(from, to)) {
    return Conversion::kAbsent;
  }
  if (from.kind == Kind::kStruct) {
    return struct_conversion(from, to, digits);
  }
  Conversion most = Conversion::kNone;
  for (std::size_t i = 0; i < from.children.size(); ++i) {
    most = std::max(most, conversion(from.children[i], to.children[i], digits));
  }
  // What becomes of their parts nobody can look at.
  return from.kind != Kind::kList && most == Conversion::kTry ? Conversion::kAbsent : most;
}

std::vector<TypeText> candidates(const TypeText& old, const TypeText& fresh, Digits digits) {
  std::vector<TypeText> types{shared(old, fresh, digits)};
  if (types.front() != fresh) {
    types.push_back(fresh);
  }
  return types;
}

bool writes_numbers(const TypeText& from, const TypeText& to) {
  if (from.kind == Kind::kPlain || !has_same_parts(from, to)) {
    return from.kind == Kind::kPlain && decimal(from.name) && to.kind == Kind::kPlain && to.name == kText;
  }
  for (std::size_t i = 0; i < from.children.size(); ++i) {
    const TypeText* part = from.kind == Kind::kStruct ? to.field(from.fields[i]) : &to.children[i];
    if (part != nullptr && writes_numbers(from.children[i], *part)) {
      return true;
    }
  }
  return false;
}

}  // namespace pg2duck::types
