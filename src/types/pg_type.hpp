#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pg2duck::types {

using Oid = std::uint32_t;

/// OIDs of built-in types that code names elsewhere than in type_rules: fixed in every Postgres.
/// @source src/include/catalog/pg_type.dat
namespace oid {
inline constexpr Oid kBool = 16;
inline constexpr Oid kBytea = 17;
inline constexpr Oid kChar = 18;
inline constexpr Oid kName = 19;
inline constexpr Oid kInt8 = 20;
inline constexpr Oid kInt2 = 21;
inline constexpr Oid kInt2Vector = 22;
inline constexpr Oid kInt4 = 23;
inline constexpr Oid kText = 25;
inline constexpr Oid kOid = 26;
inline constexpr Oid kOidVector = 30;
inline constexpr Oid kJson = 114;
inline constexpr Oid kPoint = 600;
inline constexpr Oid kLseg = 601;
inline constexpr Oid kPath = 602;
inline constexpr Oid kBox = 603;
inline constexpr Oid kPolygon = 604;
inline constexpr Oid kLine = 628;
inline constexpr Oid kFloat4 = 700;
inline constexpr Oid kFloat8 = 701;
inline constexpr Oid kCircle = 718;
inline constexpr Oid kMacaddr8 = 774;
inline constexpr Oid kMoney = 790;
inline constexpr Oid kMacaddr = 829;
inline constexpr Oid kInet = 869;
inline constexpr Oid kTextArray = 1009;
inline constexpr Oid kFloat8Array = 1022;
inline constexpr Oid kBpchar = 1042;
inline constexpr Oid kVarchar = 1043;
inline constexpr Oid kDate = 1082;
inline constexpr Oid kTime = 1083;
inline constexpr Oid kTimestamp = 1114;
inline constexpr Oid kTimestamptz = 1184;
inline constexpr Oid kInterval = 1186;
inline constexpr Oid kTimetz = 1266;
inline constexpr Oid kVarbit = 1562;
inline constexpr Oid kNumeric = 1700;
inline constexpr Oid kRecord = 2249;
inline constexpr Oid kUuid = 2950;
inline constexpr Oid kJsonb = 3802;
inline constexpr Oid kXid8 = 5069;
}  // namespace oid

/// When a type calls two values equal.
/// @source the support function equalimage of its default btree operator class
enum class Equality {
  kImage,      ///< when they are the same bytes
  kCollated,   ///< the same, if the collation is deterministic
  kUndefined,  ///< it has no such operator class
  kOther,      ///< who knows
};

/// One field of a composite type, dropped ones left out.
struct PgField {
  std::string name;
  Oid type = 0;
  std::int32_t typmod = -1;
  int dimensions = 0;         ///< pg_attribute.attndims, a hint
  bool deterministic = true;  ///< its collation never calls different texts equal
  std::string type_display;   ///< as Postgres writes it
};

/// How values of a type are compared: the operators of its default btree operator class, as SQL. Postgres would choose
/// others by a bare name, as these may stand in any schema.
struct PgOrdering {
  std::string less = "<";
  std::string less_or_equal = "<=";
  std::string greater_or_equal = ">=";
  std::string greater = ">";
  std::string operand;  ///< the type that they take, as SQL; empty: they are pg_catalog's, and take what there is
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
  std::int32_t base_typmod = -1;  ///< the typmod that the domain gives its base type
  int base_dimensions = 0;        ///< pg_type.typndims of a domain over an array, a hint
  Oid range_subtype = 0;          ///< subtype of a range, range type of a multirange
  std::int16_t length = -1;       ///< pg_type.typlen
  char alignment = 'i';           ///< pg_type.typalign: c, s, i, d for 1, 2, 4, 8 bytes
  bool has_binary_output = true;  ///< pg_type.typsend is there
  std::string output_function;    ///< pg_type.typoutput, quoted for SQL with its schema
  bool casts_as_output = true;    ///< a cast to text gives what the output function gives
  bool has_infinity = true;       ///< interval: since Postgres 17; before, its maximum value is finite
  int fraction_digits = 2;        ///< money: digits after the point in the server's lc_monetary
  /// Unset: there is no default btree operator class. A domain's is that of its base type.
  std::optional<PgOrdering> ordering = PgOrdering();
  Equality equality = Equality::kImage;
  bool deterministic = true;  ///< of a range: the collation of its bounds never calls different texts equal
  /// citext: the letters that have a lower case on this server, and that. Unset: it is not made letter by letter.
  std::optional<std::pair<std::string, std::string>> lower_case;
  std::string base_display;         ///< a domain's base type as Postgres writes it
  std::string extension;            ///< the extension that owns the type, or empty
  std::vector<PgField> fields;      ///< of a composite
  std::vector<std::string> labels;  ///< of an enum, in sort order
  std::vector<Oid> label_oids;      ///< as many: what a heap tuple holds instead of the label
};

/// The types that the chosen tables use, closed over elements, bases and fields.
using TypeCatalog = std::map<Oid, PgType>;

/// Precision and scale held in a numeric's typmod. Scale may be negative or above the precision (PG 15+).
/// @source src/backend/utils/adt/numeric.c, make_numeric_typmod
struct NumericModifier {
  std::int32_t precision;
  std::int32_t scale;
};

/// @pre `typmod` is 4 or more: a numeric with a precision
NumericModifier numeric_modifier(std::int32_t typmod);

}  // namespace pg2duck::types
