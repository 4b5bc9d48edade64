#pragma once

#include <memory>

#include "decode/column_decoder.hpp"
#include "types/duckdb_type.hpp"

namespace pg2duck::decode {

/// The decoder of an enum's label into an ENUM. A label that the type does not have is unrepresentable.
/// @shape up to 255 and 65,535 labels are kept in 1 and 2 bytes, more in 4
/// @pre `target` is an ENUM with labels
/// @error Error(kBug) when it is not
std::unique_ptr<ColumnDecoder> make_enum_decoder(const types::DuckType& target);

}  // namespace pg2duck::decode
