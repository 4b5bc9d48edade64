#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace pg2duck::types {

using Oid = std::uint32_t;

/// OIDs of built-in types: fixed in every Postgres (src/include/catalog/pg_type.dat).
namespace oid {
inline constexpr Oid kBool = 16;
inline constexpr Oid kBytea = 17;
inline constexpr Oid kChar = 18;
inline constexpr Oid kName = 19;
inline constexpr Oid kInt8 = 20;
inline constexpr Oid kInt2 = 21;
inline constexpr Oid kInt4 = 23;
inline constexpr Oid kText = 25;
inline constexpr Oid kOid = 26;
inline constexpr Oid kJson = 114;
inline constexpr Oid kFloat4 = 700;
inline constexpr Oid kFloat8 = 701;
inline constexpr Oid kBpchar = 1042;
inline constexpr Oid kVarchar = 1043;
inline constexpr Oid kDate = 1082;
inline constexpr Oid kTime = 1083;
inline constexpr Oid kTimestamp = 1114;
inline constexpr Oid kTimestamptz = 1184;
inline constexpr Oid kInterval = 1186;
inline constexpr Oid kNumeric = 1700;
inline constexpr Oid kUuid = 2950;
inline constexpr Oid kJsonb = 3802;
}  // namespace oid

/// One field of a composite type, dropped ones left out.
struct PgField {
  std::string name;
  Oid type = 0;
  std::int32_t typmod = -1;
};

/// A row of pg_type with what the mapping needs around it.
struct PgType {
  Oid oid = 0;
  std::string schema;
  std::string name;
  char typtype = 'b';   ///< pg_type.typtype: b base, c composite, d domain, e enum, p pseudo, r range, m multirange
  char category = 'U';  ///< pg_type.typcategory
  Oid element = 0;      ///< element type of a true array (typsubscript = array_subscript_handler), else 0
  Oid base = 0;         ///< a domain's base type
  std::int32_t base_typmod = -1;    ///< the typmod that the domain gives its base type
  Oid range_subtype = 0;            ///< subtype of a range, range type of a multirange
  bool has_binary_output = true;    ///< pg_type.typsend is there
  std::string extension;            ///< the extension that owns the type, or empty
  std::vector<PgField> fields;      ///< of a composite
  std::vector<std::string> labels;  ///< of an enum, in sort order
};

/// The types that the chosen tables use, closed over elements, bases and fields.
using TypeCatalog = std::map<Oid, PgType>;

/// Precision and scale held in a numeric's typmod. Scale may be negative or above the precision (PG 15+).
/// @source src/backend/utils/adt/numeric.c, make_numeric_typmod
struct NumericModifier {
  std::int32_t precision;
  std::int32_t scale;
};

/// @shape typmod must be >= 4 (a numeric column with a precision)
NumericModifier numeric_modifier(std::int32_t typmod);

}  // namespace pg2duck::types
