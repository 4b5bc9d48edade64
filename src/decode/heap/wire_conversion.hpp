#pragma once

#include <cstddef>
#include <vector>

#include "base/byte_cursor.hpp"
#include "types/heap_type.hpp"

namespace pg2duck::decode {

/// Appends to `wire` what the type's send function makes of a value in heap format.
/// @pre `heap` begins behind the value's header and is not compressed
/// @error Error(kCorruptData) when the bytes break the type's format
void append_as_wire(const types::HeapType& type, Bytes heap, std::vector<std::byte>& wire);

/// The other way, for the few values that Postgres gives in wire format where heap format is wanted.
/// @return false for the types that are not put together here: arrays and ranges
/// @error Error(kCorruptData) when the bytes break the type's format
bool append_as_heap(const types::HeapType& type, Bytes wire, std::vector<std::byte>& heap);

}  // namespace pg2duck::decode
