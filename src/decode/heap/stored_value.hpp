#pragma once

#include <cstddef>
#include <vector>

#include "base/byte_cursor.hpp"
#include "types/stored_type.hpp"

namespace pg2duck::decode {

/// Appends to `wire` what the type's send function makes of a stored value: the bytes that the other decoders read.
/// @shape `stored` begins behind the value's header and is not packed
/// @error Error(kCorruptData) when the bytes break the type's format
void append_as_sent(const types::StoredType& type, Bytes stored, std::vector<std::byte>& wire);

/// The other way, for the few values that Postgres gives in the form of the wire where the stored one is wanted.
/// @return false when the type is one that is not put together here: arrays and ranges
/// @error Error(kCorruptData) when the bytes break the type's format
bool append_as_stored(const types::StoredType& type, Bytes wire, std::vector<std::byte>& stored);

}  // namespace pg2duck::decode
