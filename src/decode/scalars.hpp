#pragma once

#include <memory>

#include "decode/column_decoder.hpp"
#include "types/mapping.hpp"

namespace pg2duck::decode {

/// The decoder of booleans, integers, floating point, money (into DECIMAL(19, f)) and uuid.
/// @error Error(kBug) for another wire layout
std::unique_ptr<ColumnDecoder> make_scalar_decoder(types::Wire wire);

}  // namespace pg2duck::decode
