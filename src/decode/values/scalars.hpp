#pragma once

#include <memory>

#include "base/byte_cursor.hpp"
#include "decode/column_decoder.hpp"
#include "types/value_format.hpp"

namespace pg2duck::decode {

/// The decoder of booleans, integers, floating point, money (into DECIMAL(19, f)) and uuid.
/// `order` is that of integers, floating point and money.
/// @error Error(kBug) for another wire layout
std::unique_ptr<ColumnDecoder> make_scalar_decoder(types::Wire wire, ByteOrder order = ByteOrder::kNetwork);

}  // namespace pg2duck::decode
