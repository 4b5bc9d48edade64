#include "types/duckdb_type.hpp"

#include <utility>

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
    default:
      return "VARCHAR";
  }
}

std::string fields_sql(const DuckType& type) {
  std::string sql;
  for (std::size_t i = 0; i < type.children.size(); ++i) {
    sql += (i == 0 ? "" : ", ") + quote_identifier(type.names[i]) + " " + type.children[i].sql();
  }
  return sql;
}

std::string labels_sql(const DuckType& type) {
  std::string sql;
  for (const std::string& label : type.names) {
    sql += (sql.empty() ? "" : ", ") + quote_literal(label);
  }
  return sql;
}

}  // namespace

DuckType DuckType::decimal(int width, int scale) {
  return {.id = DuckTypeId::kDecimal,
          .width = static_cast<std::uint8_t>(width),
          .scale = static_cast<std::uint8_t>(scale),
          .children = {},
          .names = {}};
}

DuckType DuckType::list(DuckType element) {
  DuckType type;
  type.id = DuckTypeId::kList;
  type.children.push_back(std::move(element));
  return type;
}

std::string DuckType::sql() const {
  switch (id) {
    case DuckTypeId::kDecimal:
      return "DECIMAL(" + std::to_string(width) + "," + std::to_string(scale) + ")";
    case DuckTypeId::kList:
      return children.front().sql() + "[]";
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
