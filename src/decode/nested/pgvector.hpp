#pragma once

#include <memory>

#include "decode/column_decoder.hpp"
#include "types/mapping.hpp"

namespace pg2duck::decode {

/// The decoder of pgvector's types: kVector and kHalfVector into FLOAT[n] or FLOAT[], kSparseVector into
/// STRUCT(dimensions INTEGER, indices INTEGER[], values FLOAT[]) with indices that count from 1, as pgvector prints
/// them. A vector of other than n dimensions is unrepresentable in FLOAT[n].
/// @error Error(kBug) for another wire layout or target
std::unique_ptr<ColumnDecoder> make_pgvector_decoder(const types::Mapping& mapping);

}  // namespace pg2duck::decode
