#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "types/chosen_type.hpp"
#include "types/duckdb_type.hpp"
#include "types/pg_type.hpp"
#include "types/value_profile.hpp"

namespace pg2duck::types {

/// The layout of a value's bytes on the wire: what the decoder tree is chosen by.
/// @source PostgreSQL manual, COPY, "Binary Format"; the types' send functions
enum class Wire {
  kBool,
  kChar,  ///< "char": one byte; 128 and up as Postgres prints them, `\377`
  kInt2,
  kInt4,
  kInt8,
  kUint4,  ///< oid, xid, cid and the reg* types
  kUint8,  ///< xid8, pg_lsn
  kFloat4,
  kFloat8,
  kNumeric,        ///< into DECIMAL
  kNumericText,    ///< the same bytes into VARCHAR, digits as Postgres prints them
  kMoney,          ///< 64 bits of the smallest unit, into DECIMAL(19, digits of lc_monetary)
  kText,           ///< bytes of UTF-8
  kPaddedText,     ///< char(n): UTF-8 with blanks at the end that mean nothing
  kVersionedText,  ///< jsonb, jsonpath, ltree: a version byte of 1, then UTF-8
  kBytes,
  kDate,
  kTime,
  kTimeTz,
  kTimestamp,  ///< also timestamptz
  kInterval,
  kFiniteInterval,  ///< of a server that knows no infinite ones
  kUuid,
  kBits,          ///< bit and varbit, into BIT
  kInet,          ///< inet and cidr, into VARCHAR
  kMac,           ///< macaddr and macaddr8, into VARCHAR
  kEnum,          ///< a label, into ENUM
  kArray,         ///< one child; LISTs in LISTs, one for each dimension
  kComposite,     ///< fields with their OIDs, into STRUCT
  kRange,         ///< one child, the bound; into STRUCT(lower, upper, lower_inc, upper_inc, empty)
  kMultirange,    ///< one child, the range; into LIST
  kTuple,         ///< children of fixed size back to back, the last may take the rest: geometric types, into STRUCT
  kCounted,       ///< a 32-bit count of children of fixed size: the points of path and polygon, into LIST
  kHstore,        ///< into MAP(VARCHAR, VARCHAR)
  kGeometry,      ///< PostGIS's EWKB, into WKB: a GEOMETRY
  kVector,        ///< pgvector's vector, into FLOAT[n] or FLOAT[]
  kHalfVector,    ///< pgvector's halfvec, into FLOAT[n] or FLOAT[]
  kSparseVector,  ///< pgvector's sparsevec, into STRUCT(dimensions, indices, values)
};

/// How a column is asked for in the SELECT.
enum class SendAs {
  kBinary,        ///< as it is, or a composite that is put together again from its fields
  kText,          ///< the text of the type's output function
  kTextElements,  ///< an array, cast to text[]
  kCast,          ///< cast to another Postgres type that the user asked for
};

/// How strictly a node holds its values to its target type.
enum class Fit {
  kStrict,          ///< what does not fit is unrepresentable
  kAdaptive,        ///< what does not fit is noted in the profile, and the table is loaded again with another type
  kAdaptiveFinite,  ///< the same, but NaN and the infinities are unrepresentable
};

/// What one Postgres column becomes, and how its bytes are read. Recursive: an array has its
/// element as child, a composite its fields.
struct Mapping {
  Wire wire = Wire::kText;
  DuckType target;
  std::vector<Mapping> children;
  /// The OID that the node's bytes carry in their parent: an array names its element's, a composite its fields'.
  Oid type = 0;
  /// Array: how many dimensions its values have, one LIST each.
  int dimensions = 0;
  /// Array: the index that its values begin with; 0 for int2vector and oidvector.
  int lower_bound = 1;
  /// Geometry: the SRID that all values have.
  std::uint32_t srid = 0;
  Fit fit = Fit::kStrict;
  /// Adaptive: where in the column's profile this node keeps what it sees.
  std::size_t slot = 0;
  SendAs send_as = SendAs::kBinary;
  /// kText: the output function; kCast: the Postgres type, both as SQL.
  std::string send_with;
  /// The names of a composite's fields in Postgres, for `read_expression`.
  std::vector<std::string> fields;
  /// Why the value travels as text, or what its type does not say; for plan and report, empty when there is nothing.
  std::string note;
};

/// What is asked for beyond the type itself.
struct MappingChoice {
  /// What numeric without a precision, or with one of more than 38 digits, becomes.
  NumericTarget numeric;
  /// The target type that the user wants for the column.
  std::optional<ChosenType> as;
  /// The column's pg_attribute.attndims: a hint only, Postgres does not hold values to it.
  int dimensions = 0;
  /// What values have shown, of this run or an earlier one; empty: nothing is known yet.
  ColumnProfile profile;
  /// NaN and infinities are left to the policy for unrepresentable values, and do not make text of a column.
  bool finite = false;
  /// `profile` has seen every value: what does not fit now is unrepresentable.
  bool final = false;
};

/// What a column of `type` with `typmod` becomes.
/// @shape `catalog` holds `type` and all that it is made of
/// @error Error(kUnsupportedType) for a pseudo-type or a type that the catalog does not know; Error(kConfig) when
///        the type cannot become what `choice.as` asks for
Mapping map_type(const TypeCatalog& catalog, Oid type, std::int32_t typmod, const MappingChoice& choice = {});

/// Whether neither the column nor any part of it is cast or sent as text.
bool is_sent_as_it_is(const Mapping& mapping);

/// Whether any node of the mapping, or the children of it, is adaptive.
bool is_adaptive(const Mapping& mapping);

/// Whether the column may hold a sound value that the target cannot.
bool may_be_unrepresentable(const Mapping& mapping);

}  // namespace pg2duck::types
