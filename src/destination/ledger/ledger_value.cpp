#include "destination/ledger/ledger_value.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/identifier.hpp"
#include "engine/parameter.hpp"

namespace pg2duck::destination {
namespace {

/// DuckDB takes UTF-8 without NUL.
std::string literal(std::string value) {
  if (!engine::is_utf8(value)) {
    std::ranges::replace_if(value, [](char byte) { return static_cast<unsigned char>(byte) >= 0x80; }, '?');
  }
  std::ranges::replace(value, '\0', '?');
  return quote_literal(value);
}

}  // namespace

std::string_view sql_type(LedgerType type) {
  switch (type) {
    case LedgerType::kText:
    case LedgerType::kOptionalText:
      return "VARCHAR";
    case LedgerType::kUuid:
      return "UUID";
    case LedgerType::kTime:
      return "TIMESTAMPTZ";
    case LedgerType::kCount:
      return "UBIGINT";
    case LedgerType::kSeconds:
      return "DOUBLE";
    case LedgerType::kFlag:
      return "BOOLEAN";
    case LedgerType::kOid:
      return "UINTEGER";
    case LedgerType::kSmall:
      return "SMALLINT";
    case LedgerType::kVersion:
      return "INTEGER";
  }
  return "";
}

std::string sql_value(LedgerType type, const std::string& value) {
  if (type == LedgerType::kText) {
    return literal(value);
  }
  if (value.empty()) {
    return "NULL";
  }
  return type == LedgerType::kOptionalText ? literal(value)
                                           : fmt::format("CAST({} AS {})", literal(value), sql_type(type));
}

std::string sql_value(LedgerType type, const std::optional<std::string>& value) {
  return value ? sql_value(type, *value) : "NULL";
}

std::string sql_value(LedgerType /*type*/, double value) {
  return fmt::format("{:.6f}", value);
}

std::string sql_value(LedgerType /*type*/, bool value) {
  return value ? "true" : "false";
}

std::string sql_value(LedgerType /*type*/, const std::optional<std::uint64_t>& value) {
  return value ? std::to_string(*value) : "NULL";
}

std::string sql_text(LedgerType type, const std::string& expression) {
  const bool is_text = type == LedgerType::kText || type == LedgerType::kOptionalText;
  return is_text ? expression : "CAST(" + expression + " AS VARCHAR)";
}

void take(const std::optional<std::string>& text, std::string& value) {
  value = text.value_or("");
}

void take(const std::optional<std::string>& text, std::optional<std::string>& value) {
  value = text;
}

void take(const std::optional<std::string>& text, double& value) {
  value = text ? std::stod(*text) : 0;
}

void take(const std::optional<std::string>& text, bool& value) {
  value = text == "true";
}

void take(const std::optional<std::string>& text, std::optional<std::uint64_t>& value) {
  value = text ? std::optional(std::stoull(*text)) : std::nullopt;
}

}  // namespace pg2duck::destination
