#pragma once

#include <memory>

#include "decode/column_decoder.hpp"
#include "types/mapping.hpp"

namespace pg2duck::decode {

/// The decoder for values of `mapping` in wire format, with those of its children.
/// @error Error(kBug) when the parts of the mapping do not belong together
std::unique_ptr<ColumnDecoder> make_wire_decoder(const types::Mapping& mapping);

}  // namespace pg2duck::decode
