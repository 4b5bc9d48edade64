#include "types/mapping.hpp"

#include <array>
#include <optional>
#include <utility>

#include "base/error.hpp"

namespace pg2duck::types {
namespace {

// Arrays in name only: they count from 0 and cannot hold NULL.
constexpr Oid kInt2Vector = 22;
constexpr Oid kOidVector = 30;
constexpr int kMaxDecimalWidth = 38;
constexpr const char* kTextCast = "::pg_catalog.text";
constexpr const char* kTextArrayCast = "::pg_catalog.text[]";

struct ScalarRule {
  Oid type;
  Wire wire;
  DuckTypeId target;
};

constexpr std::array kScalarRules = {
    ScalarRule{oid::kBool, Wire::kBool, DuckTypeId::kBoolean},
    ScalarRule{oid::kInt2, Wire::kInt2, DuckTypeId::kSmallint},
    ScalarRule{oid::kInt4, Wire::kInt4, DuckTypeId::kInteger},
    ScalarRule{oid::kInt8, Wire::kInt8, DuckTypeId::kBigint},
    ScalarRule{oid::kOid, Wire::kUint4, DuckTypeId::kUinteger},
    ScalarRule{oid::kFloat4, Wire::kFloat4, DuckTypeId::kFloat},
    ScalarRule{oid::kFloat8, Wire::kFloat8, DuckTypeId::kDouble},
    ScalarRule{oid::kText, Wire::kText, DuckTypeId::kVarchar},
    ScalarRule{oid::kVarchar, Wire::kText, DuckTypeId::kVarchar},
    ScalarRule{oid::kName, Wire::kText, DuckTypeId::kVarchar},
    ScalarRule{oid::kBpchar, Wire::kPaddedText, DuckTypeId::kVarchar},
    ScalarRule{oid::kBytea, Wire::kBytes, DuckTypeId::kBlob},
    ScalarRule{oid::kDate, Wire::kDate, DuckTypeId::kDate},
    ScalarRule{oid::kTime, Wire::kTime, DuckTypeId::kTime},
    ScalarRule{oid::kTimestamp, Wire::kTimestamp, DuckTypeId::kTimestamp},
    ScalarRule{oid::kTimestamptz, Wire::kTimestamp, DuckTypeId::kTimestampTz},
    ScalarRule{oid::kInterval, Wire::kInterval, DuckTypeId::kInterval},
    ScalarRule{oid::kUuid, Wire::kUuid, DuckTypeId::kUuid},
    ScalarRule{oid::kJson, Wire::kText, DuckTypeId::kJson},
    ScalarRule{oid::kJsonb, Wire::kJsonb, DuckTypeId::kJson},
};

Mapping leaf(Wire wire, DuckType target) {
  Mapping mapping;
  mapping.wire = wire;
  mapping.target = std::move(target);
  return mapping;
}

Mapping as_text(std::string note) {
  Mapping mapping = leaf(Wire::kText, {});
  mapping.cast = kTextCast;
  mapping.note = std::move(note);
  return mapping;
}

/// DECIMAL when every value that the column may hold fits in it; nothing otherwise.
std::optional<DuckType> decimal_for(std::int32_t typmod) {
  if (typmod < 4) {
    return std::nullopt;
  }
  const auto [precision, scale] = numeric_modifier(typmod);
  if (scale < 0) {
    // numeric(3,-2) holds 99900: the digits before the point are precision - scale.
    const int width = precision - scale;
    return width <= kMaxDecimalWidth ? std::optional(DuckType::decimal(width, 0)) : std::nullopt;
  }
  const int width = std::max(precision, scale);
  return width <= kMaxDecimalWidth ? std::optional(DuckType::decimal(width, scale)) : std::nullopt;
}

Mapping map_numeric(std::int32_t typmod) {
  if (const auto decimal = decimal_for(typmod)) {
    return leaf(Wire::kNumeric, *decimal);
  }
  return as_text(typmod < 4 ? "numeric without a precision: exact digits as text"
                            : "numeric wider than 38 digits: exact digits as text");
}

const PgType& find_type(const TypeCatalog& catalog, Oid type) {
  const auto found = catalog.find(type);
  if (found == catalog.end()) {
    throw Error(ErrorKind::kUnsupportedType, "type with OID " + std::to_string(type) + " is not in the catalog");
  }
  return found->second;
}

Mapping map_array(const TypeCatalog& catalog, const PgType& array, std::int32_t typmod) {
  Mapping element = map_type(catalog, array.element, typmod);
  if (element.wire == Wire::kArray) {
    return as_text("an array of a domain over an array: sent as text");
  }
  Mapping mapping = leaf(Wire::kArray, DuckType::list(element.target));
  mapping.element = array.element;
  if (!element.cast.empty()) {
    mapping.cast = kTextArrayCast;
    mapping.element = oid::kText;
    mapping.note = std::move(element.note);
    element.cast.clear();
    element.note.clear();
  }
  mapping.children.push_back(std::move(element));
  return mapping;
}

}  // namespace

Mapping map_type(const TypeCatalog& catalog, Oid type, std::int32_t typmod) {
  const PgType& pg_type = find_type(catalog, type);
  if (pg_type.typtype == 'p') {
    throw Error(ErrorKind::kUnsupportedType, "pseudo-type " + pg_type.name + " cannot be copied");
  }
  if (pg_type.typtype == 'd') {
    // The base type is what travels: a domain is sent by its base type's send function.
    return map_type(catalog, pg_type.base, pg_type.base_typmod);
  }
  if (type == oid::kNumeric) {
    return map_numeric(typmod);
  }
  for (const ScalarRule& rule : kScalarRules) {
    if (rule.type == type) {
      return leaf(rule.wire, {.id = rule.target, .width = 0, .scale = 0, .children = {}, .names = {}});
    }
  }
  if (pg_type.typtype == 'e') {
    return leaf(Wire::kText, {});
  }
  if (pg_type.element != 0 && type != kInt2Vector && type != kOidVector) {
    return map_array(catalog, pg_type, typmod);
  }
  return as_text(pg_type.name + ": sent as text");
}

std::string pg_type_display(const TypeCatalog& catalog, Oid type, std::int32_t typmod) {
  const auto found = catalog.find(type);
  if (found == catalog.end()) {
    return "oid " + std::to_string(type);
  }
  const PgType& pg_type = found->second;
  if (pg_type.element != 0) {
    return pg_type_display(catalog, pg_type.element, typmod) + "[]";
  }
  if (type == oid::kNumeric && typmod >= 4) {
    const auto [precision, scale] = numeric_modifier(typmod);
    return "numeric(" + std::to_string(precision) + "," + std::to_string(scale) + ")";
  }
  if ((type == oid::kBpchar || type == oid::kVarchar) && typmod >= 4) {
    return pg_type.name + "(" + std::to_string(typmod - 4) + ")";
  }
  return pg_type.name;
}

}  // namespace pg2duck::types
