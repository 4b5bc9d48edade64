#include "destination/tables/stored_value.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/identifier.hpp"

namespace pg2duck::destination {
namespace {

using types::DuckType;
using types::DuckTypeId;

bool holds_offset(const DuckType& type) {
  return type.id == DuckTypeId::kTimeTz || std::ranges::any_of(type.children, holds_offset);
}

/// The text that Postgres prints, too.
std::string text_of_time(const std::string& value, int depth) {
  const std::string name = fmt::format("_pg2duck_{}", depth);
  const std::string offset = fmt::format("datepart('timezone', {})", name);
  // By way of a list the value is made once, whatever it is made by.
  return fmt::format(
      "list_transform([{0}], lambda {1}: CASE WHEN {2} % 60 = 0 THEN CAST({1} AS VARCHAR) ELSE "
      "format('{{}}{{}}{{:02d}}:{{:02d}}:{{:02d}}', CAST(CAST({1} AS TIME) AS VARCHAR), "
      "CASE WHEN {2} < 0 THEN '-' ELSE '+' END, abs({2}) // 3600, abs({2}) // 60 % 60, abs({2}) % 60) END)[1]",
      value, name, offset);
}

std::string stored(const std::string& value, const DuckType& from, const DuckType& to, int depth) {
  if (from == to) {
    return value;
  }
  if (!holds_offset(from)) {
    return fmt::format("CAST({} AS {})", value, to.sql());
  }
  if (from.id == DuckTypeId::kTimeTz) {
    return text_of_time(value, depth);
  }
  if (from.id == DuckTypeId::kList) {
    const std::string name = fmt::format("_pg2duck_{}", depth);
    return fmt::format("list_transform({}, lambda {}: {})", value, name,
                       stored(name, from.children.front(), to.children.front(), depth + 1));
  }
  if (from.id != DuckTypeId::kStruct) {
    return fmt::format("CAST({} AS {})", value, to.sql());
  }
  std::vector<std::string> fields;
  for (std::size_t i = 0; i < from.names.size(); ++i) {
    const std::string field = fmt::format("struct_extract({}, {})", value, quote_literal(from.names[i]));
    fields.push_back(fmt::format("{} := {}", quote_identifier(from.names[i]),
                                 stored(field, from.children[i], to.children[i], depth + 1)));
  }
  return fmt::format("CASE WHEN {} IS NOT NULL THEN struct_pack({}) END", value, fmt::join(fields, ", "));
}

}  // namespace

std::string stored_sql(const std::string& value, const DuckType& from, const DuckType& to) {
  return stored(value, from, to, 0);
}

}  // namespace pg2duck::destination
