#include "support/plan/case_columns.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>
#include <sstream>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"

namespace pg2duck::test {
namespace {

/// The types that cases speak of: their names, what Postgres calls them, what they become.
struct KnownType {
  std::string_view name;
  types::Oid oid;
  std::string_view display;
  std::string_view target;
  std::int16_t length = -1;
  char alignment = 'i';
  types::Oid element = 0;
};

constexpr types::Oid kIntArray = 1007;
constexpr types::Oid kOdd = 424242;  // that the catalog does not know

constexpr std::array kTypes{
    KnownType{"bool", types::oid::kBool, "boolean", "BOOLEAN", 1, 'c'},
    KnownType{"int2", types::oid::kInt2, "smallint", "SMALLINT", 2, 's'},
    KnownType{"int4", types::oid::kInt4, "integer", "INTEGER", 4, 'i'},
    KnownType{"int8", types::oid::kInt8, "bigint", "BIGINT", 8, 'd'},
    KnownType{"float4", types::oid::kFloat4, "real", "FLOAT", 4, 'i'},
    KnownType{"float8", types::oid::kFloat8, "double precision", "DOUBLE", 8, 'd'},
    KnownType{"numeric", types::oid::kNumeric, "numeric", "DECIMAL(38,9)"},
    KnownType{"text", types::oid::kText, "text", "VARCHAR"},
    KnownType{"varchar", types::oid::kVarchar, "character varying", "VARCHAR"},
    KnownType{"jsonb", types::oid::kJsonb, "jsonb", "VARCHAR"},
    KnownType{"uuid", types::oid::kUuid, "uuid", "UUID", 16, 'c'},
    KnownType{"date", types::oid::kDate, "date", "DATE", 4, 'i'},
    KnownType{"timestamp", types::oid::kTimestamp, "timestamp without time zone", "TIMESTAMP", 8, 'd'},
    KnownType{"timestamptz", types::oid::kTimestamptz, "timestamp with time zone", "TIMESTAMP WITH TIME ZONE", 8, 'd'},
    KnownType{"int4[]", kIntArray, "integer[]", "INTEGER[]", -1, 'i', types::oid::kInt4},
    KnownType{"odd", kOdd, "odd", ""}};

const KnownType& type_of(std::string_view name) {
  const auto* found = std::ranges::find(kTypes, name, &KnownType::name);
  if (found == kTypes.end()) {
    throw Error(ErrorKind::kBug, "a case names type " + std::string(name));
  }
  return *found;
}

void read_type(const std::string& text, CaseColumn& column) {
  const std::size_t bracket = text.find('(');
  const KnownType& type = type_of(text.substr(0, bracket));
  column.source.type = type.oid;
  column.source.type_display = std::string(type.display);
  column.target_type = std::string(type.target);
  if (bracket == std::string::npos) {
    return;
  }
  int precision = 0;
  int scale = 0;
  std::sscanf(text.c_str() + bracket, "(%d,%d)", &precision, &scale);
  column.source.type_display += text.substr(bracket);
  column.source.typmod = type.oid == types::oid::kNumeric ? ((precision << 16) | scale) + 4 : precision + 4;
  if (type.oid == types::oid::kNumeric) {
    column.target_type = fmt::format("DECIMAL({},{})", precision, scale);
  }
}

CaseColumn read_column(const std::string& text, std::int16_t number) {
  const std::vector<std::string> words = words_of(text);
  CaseColumn column;
  column.source.name = words.at(0);
  column.source.number = number;
  column.name_in_copy = words.at(0);
  read_type(words.at(1), column);
  for (std::size_t i = 2; i < words.size(); ++i) {
    if (words[i] == "key") {
      column.is_key = true;
      column.source.not_null = true;
    } else if (words[i] == "not" && words.at(i + 1) == "null") {
      column.source.not_null = true;
      ++i;
    } else if (words[i] == "as") {
      column.name_in_copy = words.at(++i);
    } else if (words[i] == "in") {
      column.target_type = words.at(++i);
    } else if (words[i] == "by") {
      column.expression = words.at(++i);
    } else if (words[i].starts_with("#")) {
      column.source.number = static_cast<std::int16_t>(std::stoi(words[i].substr(1)));
    } else {
      throw Error(ErrorKind::kBug, "a case says '" + words[i] + "' of a column");
    }
  }
  return column;
}

}  // namespace

std::vector<CaseColumn> read_columns(std::string_view text) {
  std::vector<CaseColumn> columns;
  for (const std::string& part : split(text)) {
    columns.push_back(read_column(part, static_cast<std::int16_t>(columns.size() + 1)));
  }
  return columns;
}

types::TypeCatalog type_catalog() {
  types::TypeCatalog catalog;
  for (const KnownType& known : kTypes) {
    if (known.oid != kOdd) {
      types::PgType type{.oid = known.oid, .schema = "pg_catalog", .name = std::string(known.name)};
      type.length = known.length;
      type.alignment = known.alignment;
      type.element = known.element;
      type.output_function = "pg_catalog." + std::string(known.name) + "out";
      catalog[known.oid] = type;
    }
  }
  return catalog;
}

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> parts;
  int depth = 0;
  std::string part;
  for (const char c : list) {
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (c == ',' && depth == 0) {
      parts.push_back(std::exchange(part, ""));
    } else if (c != ' ' || !part.empty()) {
      part += c;
    }
  }
  if (!part.empty()) {
    parts.push_back(part);
  }
  return parts;
}

std::vector<std::string> words_of(std::string_view text) {
  std::istringstream stream{std::string(text)};
  return {std::istream_iterator<std::string>(stream), {}};
}

}  // namespace pg2duck::test
