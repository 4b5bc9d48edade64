#pragma once

#include <memory>

#include "decode/column_decoder.hpp"
#include "types/mapping.hpp"

namespace pg2duck::decode {

/// The decoder of an array into LISTs, one for each of the mapping's dimensions. An empty array is an empty LIST. An
/// array that begins at another index is unrepresentable; one with another number of dimensions too, unless the
/// mapping is adaptive: then it is a misfit, and becomes an empty LIST.
/// @shape `mapping` has the wire layout kArray and one child
/// @error Error(kBug) when it has not
std::unique_ptr<ColumnDecoder> make_array_decoder(const types::Mapping& mapping);

}  // namespace pg2duck::decode
