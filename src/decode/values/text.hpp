#pragma once

#include <memory>

#include "decode/column_decoder.hpp"
#include "types/value_format.hpp"

namespace pg2duck::decode {

/// The decoder of strings: kChar (as Postgres prints it), kText, kPaddedText (blanks at the end are cut),
/// kVersionedText (its version byte is cut) and kBytes. All but kBytes must be UTF-8, which DuckDB does not check by
/// itself.
/// @error Error(kBug) for another wire layout
std::unique_ptr<ColumnDecoder> make_text_decoder(types::Wire wire);

}  // namespace pg2duck::decode
