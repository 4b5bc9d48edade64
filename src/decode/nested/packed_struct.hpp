#pragma once

#include <memory>

#include "decode/column_decoder.hpp"
#include "types/mapping.hpp"

namespace pg2duck::decode {

/// The decoder of values back to back without lengths, into a STRUCT: the geometric types point, box, circle, ...
/// @pre `mapping` has the wire layout kPackedStruct; all children but the last have a fixed size; `children` are their
///      decoders
/// @error Error(kBug) when it has not
std::unique_ptr<ColumnDecoder> make_packed_struct_decoder(const types::Mapping& mapping, ColumnDecoders children);

/// The decoder of a 32-bit count and so many values of one fixed size, into a LIST: the points of a polygon.
/// @pre `mapping` has the wire layout kCountedList and one child of a fixed size; `children` is its decoder
/// @error Error(kBug) when it has not
std::unique_ptr<ColumnDecoder> make_counted_list_decoder(const types::Mapping& mapping, ColumnDecoders children);

}  // namespace pg2duck::decode
