#include "types/read_expression.hpp"

#include <vector>

#include <fmt/format.h>

#include "base/identifier.hpp"

namespace pg2duck::types {
namespace {

std::string rebuilt_composite(const Mapping& mapping, const std::string& column) {
  std::vector<std::string> fields;
  for (std::size_t i = 0; i < mapping.children.size(); ++i) {
    fields.push_back(read_expression(mapping.children[i], "(" + column + ")." + quote_identifier(mapping.fields[i])));
  }
  // IS NOT NULL would be false for a row with one NULL field.
  return fmt::format("CASE WHEN ({}) IS DISTINCT FROM NULL THEN ROW({}) END", column, fmt::join(fields, ", "));
}

/// When a value may be one that cannot be held; empty: nobody knows beforehand.
std::string suspicion(const Mapping& mapping, const std::string& column) {
  if (mapping.send_as != SendAs::kBinary) {
    return {};
  }
  switch (mapping.wire) {
    case Wire::kTimestamp:
      // DuckDB's last microsecond is in January 294247.
      return "pg_catalog.isfinite(" + column + ") AND " + column + " >= '294247-01-01'";
    case Wire::kInterval:
      return "NOT pg_catalog.isfinite(" + column + ")";
    case Wire::kBits:
      return "pg_catalog.length(" + column + ") = 0";
    default:
      return {};
  }
}

}  // namespace

std::string read_expression(const Mapping& mapping, const std::string& column) {
  switch (mapping.send_as) {
    case SendAs::kText:
      return text_expression(mapping.send_with, column);
    case SendAs::kTextElements:
      return "(" + column + ")::pg_catalog.text[]";
    case SendAs::kCast:
      return "(" + column + ")::" + mapping.send_with;
    case SendAs::kBinary:
      break;
  }
  return has_own_wire_format(mapping) ? column : rebuilt_composite(mapping, column);
}

std::string text_expression(const std::string& output_function, const std::string& column) {
  return "pg_catalog.textin(" + output_function + "(" + column + "))";
}

std::string side_text_expression(const Mapping& mapping, const std::string& column, const std::string& text) {
  const std::string when = suspicion(mapping, column);
  return when.empty() ? text : "CASE WHEN " + when + " THEN " + text + " END";
}

}  // namespace pg2duck::types
