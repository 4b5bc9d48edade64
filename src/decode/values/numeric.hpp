#pragma once

#include <memory>

#include "decode/column_decoder.hpp"
#include "types/mapping.hpp"

namespace pg2duck::decode {

/// The decoder of numeric into DECIMAL(width, scale). Exact or not at all: NaN, the infinities, digits
/// beyond the scale and digits beyond the width are unrepresentable. With an adaptive mapping they are misfits: the
/// profile says what would hold them, and zeros are written.
/// @shape the target is a DECIMAL of width 1-38; up to 4, 9, 18 and 38 digits are kept in 2, 4, 8 and 16 bytes
/// @error Error(kBug) when it is not, or is adaptive and not of 38 digits
std::unique_ptr<ColumnDecoder> make_numeric_decoder(const types::Mapping& mapping);

/// The same for the bytes of a heap tuple, behind the value's header.
/// @shape the mapping is not adaptive; before each value eight bytes can be read
std::unique_ptr<ColumnDecoder> make_stored_numeric_decoder(const types::Mapping& mapping);

}  // namespace pg2duck::decode
