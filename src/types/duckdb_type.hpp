#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pg2duck::types {

enum class DuckTypeId {
  kBoolean,
  kSmallint,
  kInteger,
  kBigint,
  kUtinyint,
  kUsmallint,
  kUinteger,
  kUbigint,
  kHugeint,
  kFloat,
  kDouble,
  kDecimal,
  kVarchar,
  kJson,  ///< VARCHAR with the alias JSON
  kBlob,
  kDate,
  kTime,
  kTimeTz,
  kTimestamp,
  kTimestampTz,
  kInterval,
  kUuid,
  kBit,
  kGeometry,
  kList,    ///< one child
  kArray,   ///< one child, `size` of them
  kStruct,  ///< named children
  kMap,     ///< two children: key, value
  kEnum,    ///< labels
};

/// A DuckDB type as a value: compared, printed as SQL, built into vectors by `engine`.
struct DuckType {
  DuckTypeId id = DuckTypeId::kVarchar;
  std::uint8_t width = 0;  ///< DECIMAL: total digits, 1-38
  std::uint8_t scale = 0;  ///< DECIMAL: digits after the point, 0-width
  std::uint32_t size = 0;  ///< ARRAY: elements of each value
  std::vector<DuckType> children;
  std::vector<std::string> names;  ///< STRUCT: field names; ENUM: labels

  bool operator==(const DuckType&) const = default;

  static DuckType of(DuckTypeId id);
  static DuckType decimal(int width, int scale);
  static DuckType list(DuckType element);
  static DuckType array(DuckType element, std::uint32_t size);
  static DuckType map(DuckType key, DuckType value);
  /// @shape as many names as children
  static DuckType structure(std::vector<std::string> names, std::vector<DuckType> children);

  /// The type as DuckDB SQL spells it: `DECIMAL(15,2)`, `VARCHAR[]`, `STRUCT("a" INTEGER)`.
  [[nodiscard]] std::string sql() const;
};

}  // namespace pg2duck::types
