#pragma once

#include <memory>

#include "decode/column_decoder.hpp"
#include "types/mapping.hpp"

namespace pg2duck::decode {

/// The decoder of a composite type into a STRUCT.
/// @pre `mapping` has the wire layout kComposite and a child and a name for each field; `children` are their decoders
/// @error Error(kBug) when it has not
std::unique_ptr<ColumnDecoder> make_composite_decoder(const types::Mapping& mapping, ColumnDecoders children);

}  // namespace pg2duck::decode
