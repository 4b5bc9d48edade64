#include "engine/duck_type.hpp"

#include <vector>

#include <duckdb.h>

#include "base/error.hpp"

namespace pg2duck::engine {
namespace {

using types::DuckType;
using types::DuckTypeId;

duckdb_type plain_type(DuckTypeId id) {
  switch (id) {
    case DuckTypeId::kBoolean:
      return DUCKDB_TYPE_BOOLEAN;
    case DuckTypeId::kSmallint:
      return DUCKDB_TYPE_SMALLINT;
    case DuckTypeId::kInteger:
      return DUCKDB_TYPE_INTEGER;
    case DuckTypeId::kBigint:
      return DUCKDB_TYPE_BIGINT;
    case DuckTypeId::kUtinyint:
      return DUCKDB_TYPE_UTINYINT;
    case DuckTypeId::kUsmallint:
      return DUCKDB_TYPE_USMALLINT;
    case DuckTypeId::kUinteger:
      return DUCKDB_TYPE_UINTEGER;
    case DuckTypeId::kUbigint:
      return DUCKDB_TYPE_UBIGINT;
    case DuckTypeId::kHugeint:
      return DUCKDB_TYPE_HUGEINT;
    case DuckTypeId::kFloat:
      return DUCKDB_TYPE_FLOAT;
    case DuckTypeId::kDouble:
      return DUCKDB_TYPE_DOUBLE;
    case DuckTypeId::kVarchar:
    case DuckTypeId::kJson:
      return DUCKDB_TYPE_VARCHAR;
    case DuckTypeId::kBlob:
      return DUCKDB_TYPE_BLOB;
    case DuckTypeId::kDate:
      return DUCKDB_TYPE_DATE;
    case DuckTypeId::kTime:
      return DUCKDB_TYPE_TIME;
    case DuckTypeId::kTimeTz:
      return DUCKDB_TYPE_TIME_TZ;
    case DuckTypeId::kTimestamp:
      return DUCKDB_TYPE_TIMESTAMP;
    case DuckTypeId::kTimestampTz:
      return DUCKDB_TYPE_TIMESTAMP_TZ;
    case DuckTypeId::kInterval:
      return DUCKDB_TYPE_INTERVAL;
    case DuckTypeId::kUuid:
      return DUCKDB_TYPE_UUID;
    case DuckTypeId::kBit:
      return DUCKDB_TYPE_BIT;
    default:
      return DUCKDB_TYPE_INVALID;
  }
}

std::vector<const char*> c_strings(const std::vector<std::string>& names) {
  std::vector<const char*> pointers;
  for (const std::string& name : names) {
    pointers.push_back(name.c_str());
  }
  return pointers;
}

LogicalType struct_type(const DuckType& type) {
  std::vector<LogicalType> owners;
  std::vector<duckdb_logical_type> fields;
  for (const DuckType& child : type.children) {
    owners.push_back(make_logical_type(child));
    fields.push_back(owners.back().get());
  }
  std::vector<const char*> names = c_strings(type.names);
  return LogicalType(duckdb_create_struct_type(fields.data(), names.data(), fields.size()));
}

LogicalType enum_type(const DuckType& type) {
  std::vector<const char*> labels = c_strings(type.names);
  return LogicalType(duckdb_create_enum_type(labels.data(), labels.size()));
}

LogicalType json_type() {
  LogicalType json(duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR));
  duckdb_logical_type_set_alias(json.get(), "JSON");
  return json;
}

LogicalType build(const DuckType& type) {
  switch (type.id) {
    case DuckTypeId::kJson:
      return json_type();
    case DuckTypeId::kDecimal:
      return LogicalType(duckdb_create_decimal_type(type.width, type.scale));
    case DuckTypeId::kList:
      return LogicalType(duckdb_create_list_type(make_logical_type(type.children.at(0)).get()));
    case DuckTypeId::kArray:
      return LogicalType(duckdb_create_array_type(make_logical_type(type.children.at(0)).get(), type.size));
    case DuckTypeId::kMap: {
      const LogicalType key = make_logical_type(type.children.at(0));
      const LogicalType value = make_logical_type(type.children.at(1));
      return LogicalType(duckdb_create_map_type(key.get(), value.get()));
    }
    case DuckTypeId::kStruct:
      return struct_type(type);
    case DuckTypeId::kEnum:
      return enum_type(type);
    default:
      return LogicalType(duckdb_create_logical_type(plain_type(type.id)));
  }
}

}  // namespace

std::optional<types::DuckType> duck_type_of(_duckdb_logical_type* type) {
  const duckdb_type id = duckdb_get_type_id(type);
  if (id == DUCKDB_TYPE_DECIMAL) {
    return DuckType::decimal(duckdb_decimal_width(type), duckdb_decimal_scale(type));
  }
  if (id == DUCKDB_TYPE_LIST) {
    const LogicalType child(duckdb_list_type_child_type(type));
    std::optional<types::DuckType> element = duck_type_of(child.get());
    return element ? std::optional(DuckType::list(*std::move(element))) : std::nullopt;
  }
  for (int candidate = 0; candidate <= static_cast<int>(DuckTypeId::kBit); ++candidate) {
    if (plain_type(static_cast<DuckTypeId>(candidate)) == id) {
      return DuckType::of(static_cast<DuckTypeId>(candidate));
    }
  }
  return std::nullopt;
}

void destroy_logical_type(_duckdb_logical_type** type) {
  duckdb_destroy_logical_type(type);
}

LogicalType make_logical_type(const DuckType& type) {
  LogicalType made = build(type);
  if (!made || duckdb_get_type_id(made.get()) == DUCKDB_TYPE_INVALID) {
    throw Error(ErrorKind::kBug, "DuckDB has no type " + type.sql());
  }
  return made;
}

}  // namespace pg2duck::engine
