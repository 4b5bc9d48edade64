#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "types/duckdb_type.hpp"
#include "types/pg_type.hpp"

namespace pg2duck::types {

/// The layout of a value's bytes on the wire: what the decoder tree is chosen by.
/// @source PostgreSQL 15 manual, COPY, "Binary Format"; the types' send functions
enum class Wire {
  kBool,
  kInt2,
  kInt4,
  kInt8,
  kUint4,  ///< oid
  kFloat4,
  kFloat8,
  kNumeric,
  kText,        ///< bytes of UTF-8
  kPaddedText,  ///< char(n): UTF-8 with blanks at the end that mean nothing
  kBytes,
  kJsonb,  ///< a version byte, then UTF-8
  kDate,
  kTime,
  kTimestamp,  ///< also timestamptz
  kInterval,
  kUuid,
  kArray,  ///< one child
};

/// What one Postgres column becomes, and how its bytes are read. Recursive: an array has its
/// element as child.
struct Mapping {
  Wire wire = Wire::kText;
  DuckType target;
  std::vector<Mapping> children;
  /// The expected element OID of an array, as its bytes name it.
  Oid element = 0;
  /// Appended to the column in the SELECT, e.g. "::pg_catalog.text"; empty when the column is sent as it is.
  std::string cast;
  /// Why the value travels as text, for plan and report; empty when the type has its own mapping.
  std::string note;
};

/// What a column of `type` with `typmod` becomes.
/// @shape `catalog` holds `type` and all that it is made of
/// @error Error(kUnsupportedType) for a pseudo-type or a type that the catalog does not know
Mapping map_type(const TypeCatalog& catalog, Oid type, std::int32_t typmod);

/// The type as Postgres spells it in a table's definition ("numeric(15,2)", "text[]").
std::string pg_type_display(const TypeCatalog& catalog, Oid type, std::int32_t typmod);

}  // namespace pg2duck::types
