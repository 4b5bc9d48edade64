#pragma once

#include <memory>

#include "decode/column_decoder.hpp"
#include "types/value_format.hpp"

namespace pg2duck::decode {

/// The decoder of kInet (inet, cidr) or kMac (macaddr, macaddr8) into VARCHAR, as Postgres prints them.
/// @error Error(kBug) for another wire layout
std::unique_ptr<ColumnDecoder> make_network_decoder(types::Wire wire);

}  // namespace pg2duck::decode
