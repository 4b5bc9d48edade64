#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "types/pg_type.hpp"
#include "types/value_format.hpp"

namespace pg2duck::types {

/// One type as a heap tuple holds it. Recursive like Mapping.
struct HeapType {
  HeapFormat format = HeapFormat::kSame;
  std::int16_t length = -1;   ///< pg_type.typlen: bytes; -1: as many as its header says
  std::size_t alignment = 4;  ///< 1, 2, 4 or 8 bytes
  Oid oid = 0;                ///< of the base type
  std::vector<HeapType> children;
  std::map<Oid, std::string> labels;  ///< kEnum
};

/// Bytes that a pg_type.typalign or pg_attribute.attalign stands for: c, s, i, d are 1, 2, 4, 8.
std::size_t alignment_of(char typalign);

/// The heap format of `type`; nothing for types that are only read in wire format: jsonb, composites, network and
/// geometric types, most types of extensions.
/// @pre `catalog` holds `type` and all that it is made of
std::optional<HeapType> find_heap_type(const TypeCatalog& catalog, Oid type);

}  // namespace pg2duck::types
