#pragma once

#include <memory>

#include "decode/column_decoder.hpp"
#include "types/mapping.hpp"

namespace pg2duck::decode {

/// The decoder of values that lie back to back without lengths, into a STRUCT: point, box, circle, ...
/// @shape `mapping` has the wire layout kTuple; all children but the last have a fixed size
/// @error Error(kBug) when it has not
std::unique_ptr<ColumnDecoder> make_tuple_decoder(const types::Mapping& mapping);

/// The decoder of a 32-bit count and so many values of one fixed size, into a LIST: the points of a polygon.
/// @shape `mapping` has the wire layout kCounted and one child of a fixed size
/// @error Error(kBug) when it has not
std::unique_ptr<ColumnDecoder> make_counted_decoder(const types::Mapping& mapping);

}  // namespace pg2duck::decode
