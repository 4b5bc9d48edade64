#include "destination/publish/whole_row.hpp"

#include <algorithm>
#include <cstddef>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/identifier.hpp"
#include "destination/tables/stored_value.hpp"

namespace pg2duck::destination {
namespace {

// A name of our own beside those of the table.
constexpr const char* kNumber = "_pg2duck_number";

// Not 0.0 and -0.0: compression may have made them the same in the table (constant, RLE), and would do so again and
// again.
bool has_coarse_equality(const std::string& type) {
  for (const char* word : {"INTERVAL", "TIME WITH TIME ZONE"}) {
    if (type.find(word) != std::string::npos) {
      return true;
    }
  }
  return false;
}

bool is_number(const types::DuckType& type) {
  return type.id == types::DuckTypeId::kDecimal && type.width == 0;
}

bool holds_number(const types::DuckType& type) {
  return is_number(type) || std::ranges::any_of(type.children, holds_number);
}

/// SQL that is the same for numbers that are: 1.5 and 1.50, of which a copy may have either, written by Postgres or by
/// DuckDB out of the DECIMAL that it was before.
std::string by_value(const std::string& value, const types::DuckType& type, int depth = 0) {
  if (!holds_number(type)) {
    return value;
  }
  if (is_number(type)) {
    return fmt::format("CASE WHEN contains({0}, '.') THEN rtrim(rtrim({0}, '0'), '.') ELSE {0} END", value);
  }
  if (type.id == types::DuckTypeId::kList) {
    const std::string element = fmt::format("_pg2duck_{}", depth);
    return fmt::format("list_transform({}, lambda {}: {})", value, element,
                       by_value(element, type.children.front(), depth + 1));
  }
  std::vector<std::string> fields;
  for (std::size_t i = 0; i < type.names.size(); ++i) {
    const std::string field = fmt::format("struct_extract({}, {})", value, quote_literal(type.names[i]));
    fields.push_back(
        fmt::format("{} := {}", quote_identifier(type.names[i]), by_value(field, type.children[i], depth + 1)));
  }
  return fmt::format("CASE WHEN {} IS NOT NULL THEN struct_pack({}) END", value, fmt::join(fields, ", "));
}

}  // namespace

WholeRow::WholeRow(const Session& session, const TableShape& shape) : session_(session) {
  std::vector<std::string> names;
  for (const ColumnShape& column : shape.columns) {
    names.push_back(column.name);
    if (!column.varies) {
      compared_.push_back(&column);
    }
  }
  names_ = quoted_list(names);
}

std::string WholeRow::value(std::string_view table, const ColumnShape& column) const {
  std::string name = std::string(table) + quote_identifier(column.name);
  if (column.expression.empty()) {
    name = by_value(name, column.compared);
  }
  const types::DuckType type = target_type(session_, column);
  return has_coarse_equality(type.sql())
             ? fmt::format("CAST({} AS VARCHAR)", stored_sql(name, type, parquet_type(type)))
             : name;
}

std::string WholeRow::numbered(std::string_view from, std::string_view more) const {
  std::vector<std::string> values;
  for (const ColumnShape* column : compared_) {
    values.push_back(value("", *column));
  }
  return fmt::format("(SELECT {}{}, row_number() OVER ({}{}) AS {} FROM {})", more, names_,
                     values.empty() ? "" : "PARTITION BY ", fmt::join(values, ", "), kNumber, from);
}

std::string WholeRow::same() const {
  std::string condition = fmt::format("o.{0} = s.{0}", kNumber);
  for (const ColumnShape* column : compared_) {
    condition += fmt::format(" AND {} IS NOT DISTINCT FROM {}", value("o.", *column), value("s.", *column));
  }
  return condition;
}

}  // namespace pg2duck::destination
