#pragma once

#include <memory>

#include "decode/column_decoder.hpp"
#include "types/mapping.hpp"

namespace pg2duck::decode {

/// The decoder of numeric into VARCHAR: every digit, as Postgres prints it. Holds any value.
std::unique_ptr<ColumnDecoder> make_numeric_text_decoder(const types::Mapping& mapping);

}  // namespace pg2duck::decode
