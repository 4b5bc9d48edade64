#pragma once

#include <memory>

#include "decode/column_decoder.hpp"
#include "types/heap_type.hpp"
#include "types/mapping.hpp"

namespace pg2duck::decode {

/// The decoder for values of `mapping` in heap format, behind their headers and not compressed: the same values become
/// the same column as by `make_wire_decoder`. Numbers and strings are read in place, everything else is converted to
/// wire format first.
/// @pre types::has_own_wire_format(mapping); `type` is what types::find_heap_type gives for the column; kReadableFront
///      bytes can be read before each value
/// @error Error(kBug) when the two do not belong together
std::unique_ptr<ColumnDecoder> make_heap_decoder(const types::Mapping& mapping, const types::HeapType& type);

}  // namespace pg2duck::decode
