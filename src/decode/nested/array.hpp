#pragma once

#include <memory>

#include "decode/column_decoder.hpp"
#include "types/mapping.hpp"

namespace pg2duck::decode {

/// The decoder of an array into LISTs, one for each of the mapping's dimensions. An empty array is an empty LIST. An
/// array that begins at another index is unrepresentable; one with another number of dimensions too, unless the
/// mapping is adaptive: then it is a misfit, and becomes an empty LIST.
/// @pre `mapping` has the wire layout kArray and one child, whose decoder is the one of `children`
/// @error Error(kBug) when it has not
std::unique_ptr<ColumnDecoder> make_array_decoder(const types::Mapping& mapping, ColumnDecoders children);

}  // namespace pg2duck::decode
