#include "types/duckdb_type.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/identifier.hpp"

namespace pg2duck::types {
namespace {

const char* plain_name(DuckTypeId id) {
  switch (id) {
    case DuckTypeId::kBoolean:
      return "BOOLEAN";
    case DuckTypeId::kSmallint:
      return "SMALLINT";
    case DuckTypeId::kInteger:
      return "INTEGER";
    case DuckTypeId::kBigint:
      return "BIGINT";
    case DuckTypeId::kUtinyint:
      return "UTINYINT";
    case DuckTypeId::kUsmallint:
      return "USMALLINT";
    case DuckTypeId::kUinteger:
      return "UINTEGER";
    case DuckTypeId::kUbigint:
      return "UBIGINT";
    case DuckTypeId::kHugeint:
      return "HUGEINT";
    case DuckTypeId::kFloat:
      return "FLOAT";
    case DuckTypeId::kDouble:
      return "DOUBLE";
    case DuckTypeId::kJson:
      return "JSON";
    case DuckTypeId::kBlob:
      return "BLOB";
    case DuckTypeId::kDate:
      return "DATE";
    case DuckTypeId::kTime:
      return "TIME";
    case DuckTypeId::kTimeTz:
      return "TIME WITH TIME ZONE";
    case DuckTypeId::kTimestamp:
      return "TIMESTAMP";
    case DuckTypeId::kTimestampTz:
      return "TIMESTAMP WITH TIME ZONE";
    case DuckTypeId::kInterval:
      return "INTERVAL";
    case DuckTypeId::kUuid:
      return "UUID";
    case DuckTypeId::kBit:
      return "BIT";
    case DuckTypeId::kGeometry:
      return "GEOMETRY";
    default:
      return "VARCHAR";
  }
}

std::string fields_sql(const DuckType& type) {
  std::vector<std::string> fields;
  for (std::size_t i = 0; i < type.children.size(); ++i) {
    fields.push_back(quote_identifier(type.names[i]) + " " + type.children[i].sql());
  }
  return fmt::format("{}", fmt::join(fields, ", "));
}

std::string labels_sql(const DuckType& type) {
  std::vector<std::string> labels;
  for (const std::string& label : type.names) {
    labels.push_back(quote_literal(label));
  }
  return fmt::format("{}", fmt::join(labels, ", "));
}

}  // namespace

DuckType DuckType::of(DuckTypeId id) {
  DuckType type;
  type.id = id;
  return type;
}

DuckType DuckType::decimal(int width, int scale) {
  DuckType type = of(DuckTypeId::kDecimal);
  type.width = static_cast<std::uint8_t>(width);
  type.scale = static_cast<std::uint8_t>(scale);
  return type;
}

DuckType DuckType::list(DuckType element) {
  DuckType type = of(DuckTypeId::kList);
  type.children.push_back(std::move(element));
  return type;
}

DuckType DuckType::array(DuckType element, std::uint32_t size) {
  DuckType type = of(DuckTypeId::kArray);
  type.size = size;
  type.children.push_back(std::move(element));
  return type;
}

DuckType DuckType::map(DuckType key, DuckType value) {
  DuckType type = of(DuckTypeId::kMap);
  type.children.push_back(std::move(key));
  type.children.push_back(std::move(value));
  return type;
}

DuckType DuckType::structure(std::vector<std::string> names, std::vector<DuckType> children) {
  DuckType type = of(DuckTypeId::kStruct);
  type.names = std::move(names);
  type.children = std::move(children);
  return type;
}

std::string DuckType::sql() const {
  switch (id) {
    case DuckTypeId::kDecimal:
      return "DECIMAL(" + std::to_string(width) + "," + std::to_string(scale) + ")";
    case DuckTypeId::kList:
      return children.front().sql() + "[]";
    case DuckTypeId::kArray:
      return children.front().sql() + "[" + std::to_string(size) + "]";
    case DuckTypeId::kStruct:
      return "STRUCT(" + fields_sql(*this) + ")";
    case DuckTypeId::kMap:
      return "MAP(" + children[0].sql() + ", " + children[1].sql() + ")";
    case DuckTypeId::kEnum:
      return "ENUM(" + labels_sql(*this) + ")";
    default:
      return plain_name(id);
  }
}

}  // namespace pg2duck::types
