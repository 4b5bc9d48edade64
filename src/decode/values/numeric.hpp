#pragma once

#include <cstddef>
#include <memory>

#include "decode/column_decoder.hpp"
#include "types/mapping.hpp"

namespace pg2duck::decode {

/// Before the digits of a number in heap format so many bytes must be readable: eight are loaded at once.
inline constexpr std::size_t kNumericFront = 8;

/// The decoder of numeric into DECIMAL(width, scale). Exact or not at all: NaN, the infinities, digits
/// beyond the scale and digits beyond the width are unrepresentable. With an adaptive mapping they are misfits: the
/// profile says what would hold them, and zeros are written.
/// @shape up to 4, 9, 18 and 38 digits are kept in 2, 4, 8 and 16 bytes
/// @pre the target is a DECIMAL of width 1-38, of 38 if the mapping is adaptive
/// @error Error(kBug) when it is not
std::unique_ptr<ColumnDecoder> make_numeric_decoder(const types::Mapping& mapping);

/// The same for values in heap format, behind their headers.
/// @pre the mapping is not adaptive; before each value kNumericFront bytes can be read
/// @error Error(kBug) when it is
std::unique_ptr<ColumnDecoder> make_heap_numeric_decoder(const types::Mapping& mapping);

}  // namespace pg2duck::decode
