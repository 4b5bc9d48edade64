#pragma once

#include <memory>

#include "decode/column_decoder.hpp"
#include "types/mapping.hpp"
#include "types/stored_type.hpp"

namespace pg2duck::decode {

/// The decoder for values as heap tuples hold them, behind their headers and not packed: the same values become the
/// same column as by `make_decoder` from the wire. Numbers and strings are read where they lie, everything else is
/// brought into the form of the wire first.
/// @shape `mapping` is sent as it is (types::is_sent_as_it_is); before each value kReadableFront bytes can be read
std::unique_ptr<ColumnDecoder> make_stored_decoder(const types::Mapping& mapping, const types::StoredType& type);

}  // namespace pg2duck::decode
