#pragma once

#include <memory>

#include "base/byte_cursor.hpp"
#include "decode/column_decoder.hpp"
#include "types/value_format.hpp"

namespace pg2duck::decode {

/// The decoder of kDate, kTime, kTimeTz, kTimestamp or kInterval.
///
/// Infinite dates and timestamps become DuckDB's. Unrepresentable are an infinite interval (PG 17+)
/// and a timestamp past 294247-01-10 04:00:54.775806.
/// @unit days and microseconds since 2000-01-01 in, since 1970-01-01 out
/// `order` is that of dates, times and timestamps; the other two are read as they are sent.
/// @error Error(kBug) for another wire layout
std::unique_ptr<ColumnDecoder> make_temporal_decoder(types::Wire wire, ByteOrder order = ByteOrder::kNetwork);

}  // namespace pg2duck::decode
