#pragma once

#include <memory>

#include "decode/column_decoder.hpp"

namespace pg2duck::decode {

/// The decoder of bit and varbit into BIT. An empty bit string, which BIT does not have, is unrepresentable.
std::unique_ptr<ColumnDecoder> make_bits_decoder();

}  // namespace pg2duck::decode
