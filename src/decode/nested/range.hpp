#pragma once

#include <memory>

#include "decode/column_decoder.hpp"
#include "types/mapping.hpp"

namespace pg2duck::decode {

/// The decoder of a range into STRUCT(lower, upper, lower_inc, upper_inc, empty). A bound that is not there is NULL.
/// @pre `mapping` has the wire layout kRange and one child, the bound, whose decoder is the one of `children`
/// @error Error(kBug) when it has not
std::unique_ptr<ColumnDecoder> make_range_decoder(const types::Mapping& mapping, ColumnDecoders children);

/// The decoder of a multirange into a LIST of the same.
/// @pre `mapping` has the wire layout kMultirange and one child, the range, whose decoder is the one of `children`
/// @error Error(kBug) when it has not
std::unique_ptr<ColumnDecoder> make_multirange_decoder(const types::Mapping& mapping, ColumnDecoders children);

}  // namespace pg2duck::decode
