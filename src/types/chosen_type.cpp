#include "types/chosen_type.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/identifier.hpp"

namespace pg2duck::types {
namespace {

constexpr int kMaxDecimalWidth = 38;

/// A DuckDB type, and the Postgres type whose values are the same.
struct Equivalent {
  const char* name;
  DuckTypeId target;
  Oid type;
  const char* postgres_type;
};

constexpr std::array kEquivalents = {
    Equivalent{"bigint", DuckTypeId::kBigint, oid::kInt8, "pg_catalog.int8"},
    Equivalent{"blob", DuckTypeId::kBlob, oid::kBytea, "pg_catalog.bytea"},
    Equivalent{"boolean", DuckTypeId::kBoolean, oid::kBool, "pg_catalog.bool"},
    Equivalent{"date", DuckTypeId::kDate, oid::kDate, "pg_catalog.date"},
    Equivalent{"double", DuckTypeId::kDouble, oid::kFloat8, "pg_catalog.float8"},
    Equivalent{"integer", DuckTypeId::kInteger, oid::kInt4, "pg_catalog.int4"},
    Equivalent{"interval", DuckTypeId::kInterval, oid::kInterval, "pg_catalog.interval"},
    Equivalent{"json", DuckTypeId::kJson, oid::kJson, "pg_catalog.json"},
    Equivalent{"real", DuckTypeId::kFloat, oid::kFloat4, "pg_catalog.float4"},
    Equivalent{"smallint", DuckTypeId::kSmallint, oid::kInt2, "pg_catalog.int2"},
    Equivalent{"time", DuckTypeId::kTime, oid::kTime, "pg_catalog.time"},
    Equivalent{"timestamp", DuckTypeId::kTimestamp, oid::kTimestamp, "pg_catalog.timestamp"},
    Equivalent{"timestamptz", DuckTypeId::kTimestampTz, oid::kTimestamptz, "pg_catalog.timestamptz"},
    Equivalent{"uuid", DuckTypeId::kUuid, oid::kUuid, "pg_catalog.uuid"},
};

std::string without_blanks(std::string_view text) {
  std::string kept = fold_case(std::string(text));
  std::erase(kept, ' ');
  return kept;
}

std::optional<int> number(std::string_view& text) {
  int value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc()) {
    return std::nullopt;
  }
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

bool skip(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) {
    return false;
  }
  text.remove_prefix(prefix.size());
  return true;
}

/// Width and scale of "decimal(10,2)" or "numeric(10)".
std::optional<std::pair<int, int>> parse_decimal(std::string_view text) {
  if (!skip(text, "decimal(") && !skip(text, "numeric(")) {
    return std::nullopt;
  }
  const std::optional<int> width = number(text);
  std::optional<int> scale = 0;
  if (skip(text, ",")) {
    scale = number(text);
  }
  if (!width || !scale || text != ")" || *width < 1 || *width > kMaxDecimalWidth || *scale < 0 || *scale > *width) {
    return std::nullopt;
  }
  return std::pair(*width, *scale);
}

}  // namespace

std::optional<ChosenType> parse_chosen_type(std::string_view text) {
  using Kind = ChosenType::Kind;
  const std::string name = without_blanks(text);
  if (name == "auto") {
    return ChosenType{.kind = Kind::kAuto, .target = {}, .type = 0, .postgres_type = {}};
  }
  if (name == "enum") {
    return ChosenType{.kind = Kind::kEnum, .target = {}, .type = 0, .postgres_type = {}};
  }
  if (name == "varchar" || name == "text") {
    return ChosenType{
        .kind = Kind::kVarchar, .target = DuckType::of(DuckTypeId::kVarchar), .type = 0, .postgres_type = {}};
  }
  if (const auto decimal = parse_decimal(name)) {
    return ChosenType{.kind = Kind::kDecimal,
                      .target = DuckType::decimal(decimal->first, decimal->second),
                      .type = oid::kNumeric,
                      .postgres_type = "pg_catalog.numeric"};
  }
  const auto* found = std::ranges::find(kEquivalents, name, &Equivalent::name);
  if (found == kEquivalents.end()) {
    return std::nullopt;
  }
  return ChosenType{.kind = Kind::kCast,
                    .target = DuckType::of(found->target),
                    .type = found->type,
                    .postgres_type = found->postgres_type};
}

std::string chosen_type_names() {
  std::vector<std::string_view> names = {"auto", "decimal(p,s)", "enum", "varchar"};
  for (const Equivalent& equivalent : kEquivalents) {
    names.emplace_back(equivalent.name);
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

std::optional<NumericTarget> parse_numeric_target(std::string_view text) {
  using Kind = NumericTarget::Kind;
  const std::string name = without_blanks(text);
  if (const auto decimal = parse_decimal(name)) {
    return NumericTarget{.kind = Kind::kDecimal, .width = decimal->first, .scale = decimal->second};
  }
  for (const auto& [kind, word] :
       {std::pair(Kind::kAuto, "auto"), std::pair(Kind::kVarchar, "varchar"), std::pair(Kind::kDouble, "double")}) {
    if (name == word) {
      return NumericTarget{.kind = kind};
    }
  }
  return std::nullopt;
}

}  // namespace pg2duck::types
