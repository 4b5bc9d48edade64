#pragma once

#include <memory>

#include "decode/column_decoder.hpp"
#include "types/duckdb_type.hpp"

namespace pg2duck::decode {

/// The decoder of numeric into DECIMAL(width, scale). Exact or not at all: NaN, the infinities, digits
/// beyond the scale and digits beyond the width are unrepresentable.
/// @shape `target` is a DECIMAL of width 1-38; up to 4, 9, 18 and 38 digits are kept in 2, 4, 8 and 16 bytes
/// @error Error(kBug) when it is not
std::unique_ptr<ColumnDecoder> make_numeric_decoder(const types::DuckType& target);

}  // namespace pg2duck::decode
