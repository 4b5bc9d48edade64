#pragma once

#include <memory>

#include "decode/column_decoder.hpp"
#include "types/mapping.hpp"

namespace pg2duck::decode {

/// The decoder of a range into STRUCT(lower, upper, lower_inc, upper_inc, empty). A bound that is not there is NULL.
/// @shape `mapping` has the wire layout kRange and one child
/// @error Error(kBug) when it has not
std::unique_ptr<ColumnDecoder> make_range_decoder(const types::Mapping& mapping);

/// The decoder of a multirange into a LIST of the same.
/// @shape `mapping` has the wire layout kMultirange and the range as its child
/// @error Error(kBug) when it has not
std::unique_ptr<ColumnDecoder> make_multirange_decoder(const types::Mapping& mapping);

}  // namespace pg2duck::decode
