#pragma once

namespace pg2duck::types {

/// The layout of a value's bytes in wire format: what the decoder tree is chosen by.
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
  kPackedStruct,  ///< children of fixed size back to back, the last may take the rest: geometric types, into STRUCT
  kCountedList,   ///< a 32-bit count of children of fixed size: the points of path and polygon, into LIST
  kHstore,        ///< into MAP(VARCHAR, VARCHAR)
  kGeometry,      ///< PostGIS's EWKB, into WKB: a GEOMETRY
  kVector,        ///< pgvector's vector, into FLOAT[n] or FLOAT[]
  kHalfVector,    ///< pgvector's halfvec, into FLOAT[n] or FLOAT[]
  kSparseVector,  ///< pgvector's sparsevec, into STRUCT(dimensions, indices, values)
};

/// How the heap format of a value differs from its wire format.
/// @source src/include/access/tupmacs.h, src/include/utils/array.h, rangetypes.h; numeric.c, "NumericChoice"
enum class HeapFormat {
  kSame,      ///< text, bytea, json, uuid, bool, "char": the same bytes
  kReversed,  ///< one number of 2, 4 or 8 bytes in the machine's order
  kNumeric,
  kInterval,
  kTimeTz,
  kName,   ///< 64 bytes, ended by NUL
  kEnum,   ///< the OID of the label
  kArray,  ///< one child, the element
  kRange,  ///< one child, the bound
};

}  // namespace pg2duck::types
