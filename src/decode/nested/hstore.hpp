#pragma once

#include <memory>

#include "decode/column_decoder.hpp"

namespace pg2duck::decode {

/// The decoder of hstore into MAP(VARCHAR, VARCHAR), pairs in the order in which Postgres has them.
std::unique_ptr<ColumnDecoder> make_hstore_decoder();

}  // namespace pg2duck::decode
