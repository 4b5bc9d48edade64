#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/byte_cursor.hpp"

namespace pg2duck::decode {

/// So many bytes before every value of a tuple can be read: decoders of numbers look at the eight bytes that end with
/// the last digit. In a page the tuple's header is there.
inline constexpr std::size_t kReadableFront = 8;

/// One attribute of a heap's tuples, in attribute order, dropped ones too: their bytes are still there.
struct TupleAttribute {
  std::int16_t length = -1;           ///< pg_attribute.attlen: bytes; -1: a header says how many
  std::size_t alignment = 4;          ///< 1, 2, 4 or 8
  std::optional<std::size_t> column;  ///< of the batch; unset: dropped, or not wanted
  /// What tuples older than the attribute hold: kReadableFront bytes, then the value in heap format; empty: NULL.
  /// @source pg_attribute.attmissingval
  std::vector<std::byte> missing;
};

/// How the tuples of one heap are laid out (Postgres: tuple descriptor). Partitions of a table may each have another.
using TupleLayout = std::vector<TupleAttribute>;

}  // namespace pg2duck::decode
