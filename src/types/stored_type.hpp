#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "types/pg_type.hpp"

namespace pg2duck::types {

/// How a value's bytes lie in a heap tuple, compared with those that the type's send function gives.
enum class StoredForm {
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

/// One type as a heap tuple holds it. Recursive like Mapping.
/// @source src/include/access/tupmacs.h, src/include/utils/array.h, rangetypes.h; numeric.c, "NumericChoice"
struct StoredType {
  StoredForm form = StoredForm::kSame;
  std::int16_t length = -1;   ///< pg_type.typlen: bytes; -1: as many as its header says
  std::size_t alignment = 4;  ///< 1, 2, 4 or 8 bytes
  Oid oid = 0;                ///< of the base type
  std::vector<StoredType> children;
  std::map<Oid, std::string> labels;  ///< kEnum
};

/// Bytes that a pg_type.typalign or pg_attribute.attalign stands for: c, s, i, d are 1, 2, 4, 8.
std::size_t alignment_of(char typalign);

/// How `type` is stored; nothing when it is a type whose stored bytes are not read here: jsonb, composites, network and
/// geometric types, types of extensions.
/// @shape `catalog` holds `type` and all that it is made of
std::optional<StoredType> stored_type(const TypeCatalog& catalog, Oid type);

}  // namespace pg2duck::types
