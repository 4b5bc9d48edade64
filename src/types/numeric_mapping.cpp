#include "types/numeric_mapping.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace pg2duck::types {
namespace {

constexpr int kMaxDecimalWidth = 38;
// What a column becomes of which no value is known yet.
constexpr int kGuessedScale = 9;

/// DECIMAL when every value that the column may hold fits in it; nothing otherwise.
std::optional<DuckType> decimal_for(std::int32_t typmod) {
  if (typmod < 4) {
    return std::nullopt;
  }
  const auto [precision, scale] = numeric_modifier(typmod);
  // numeric(3,-2) holds 99900, numeric(3,5) 0.00999.
  const int width = scale < 0 ? precision - scale : std::max(precision, scale);
  return width <= kMaxDecimalWidth ? std::optional(DuckType::decimal(width, std::max(scale, 0))) : std::nullopt;
}

/// The DECIMAL that holds all values of a profile.
std::optional<DuckType> decimal_for(const ValueProfile& profile, bool finite) {
  if (!profile.has_values) {
    return DuckType::decimal(kMaxDecimalWidth, kGuessedScale);
  }
  if (profile.has_special && !finite) {
    return std::nullopt;
  }
  for (const int scale : {profile.display_scale, profile.scale}) {
    if (profile.integer_digits + scale <= kMaxDecimalWidth) {
      return DuckType::decimal(kMaxDecimalWidth, scale);
    }
  }
  return std::nullopt;
}

Mapping rounded_to_double() {
  Mapping mapping = Mapping::of(Wire::kFloat8, DuckType::of(DuckTypeId::kDouble));
  mapping.type = oid::kFloat8;
  mapping.send_as = SendAs::kCast;
  mapping.send_with = "pg_catalog.float8";
  mapping.note = "numeric: rounded to DOUBLE, as asked for";
  return mapping;
}

}  // namespace

std::optional<Mapping> map_declared_numeric(std::int32_t typmod, const NumericTarget& wanted) {
  if (const auto decimal = decimal_for(typmod)) {
    return Mapping::of(Wire::kNumeric, *decimal);
  }
  using Kind = NumericTarget::Kind;
  switch (wanted.kind) {
    case Kind::kDecimal:
      return Mapping::of(Wire::kNumeric, DuckType::decimal(wanted.width, wanted.scale));
    case Kind::kVarchar:
      return Mapping::of(Wire::kNumericText, {});
    case Kind::kDouble:
      return rounded_to_double();
    case Kind::kAuto:
      break;
  }
  return std::nullopt;
}

Mapping map_seen_numeric(const ValueProfile& seen, bool finite) {
  Mapping mapping;
  if (const auto decimal = decimal_for(seen, finite)) {
    mapping = Mapping::of(Wire::kNumeric, *decimal);
    mapping.note = seen.has_values ? "numeric without a bound: the DECIMAL that all values fit in"
                                   : "numeric without a bound: no value is known yet";
  } else {
    mapping = Mapping::of(Wire::kNumericText, {});
    mapping.note = seen.has_special ? "numeric with NaN or infinity: exact digits as text"
                                    : "numeric of more than 38 digits: exact digits as text";
  }
  return mapping;
}

DuckType with_numbers_marked(const Mapping& mapping) {
  DuckType marked = mapping.target;
  switch (mapping.wire) {
    case Wire::kNumericText:
      return DuckType::decimal(0, 0);
    case Wire::kArray:
      marked = with_numbers_marked(mapping.children.at(0));
      for (int i = 0; i < mapping.dimensions; ++i) {
        marked = DuckType::list(std::move(marked));
      }
      break;
    case Wire::kComposite:
      for (std::size_t i = 0; i < mapping.children.size(); ++i) {
        marked.children.at(i) = with_numbers_marked(mapping.children[i]);
      }
      break;
    case Wire::kRange:
      // Its bounds come first.
      marked.children.at(0) = marked.children.at(1) = with_numbers_marked(mapping.children.at(0));
      break;
    case Wire::kMultirange:
      marked = DuckType::list(with_numbers_marked(mapping.children.at(0)));
      break;
    default:
      break;
  }
  return marked;
}

}  // namespace pg2duck::types
