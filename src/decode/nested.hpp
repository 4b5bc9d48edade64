#pragma once

#include <memory>

#include "decode/column_decoder.hpp"
#include "types/mapping.hpp"

namespace pg2duck::decode {

/// The decoder of a one-dimensional array into a LIST. An array of more dimensions, or one that does not
/// count from 1, is unrepresentable.
/// @shape `mapping` has the wire layout kArray and one child
/// @error Error(kBug) when it has not
std::unique_ptr<ColumnDecoder> make_array_decoder(const types::Mapping& mapping);

}  // namespace pg2duck::decode
