#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/byte_cursor.hpp"

namespace pg2duck::decode {

/// So many bytes before every stored value can be read: decoders of numbers look at the eight bytes that end with the
/// last digit. In a page the tuple's header is there.
inline constexpr std::size_t kReadableFront = 8;

/// One attribute of a heap's tuples, in attribute order, dropped ones too: their bytes are still there.
struct StoredAttribute {
  std::int16_t length = -1;           ///< pg_attribute.attlen: bytes; -1: a header says how many
  std::size_t alignment = 4;          ///< 1, 2, 4 or 8
  std::optional<std::size_t> column;  ///< of the batch; unset: dropped, or not wanted
  /// What tuples older than the attribute hold: kReadableFront bytes, then the stored value; empty: NULL.
  /// @source pg_attribute.attmissingval
  std::vector<std::byte> missing;
};

/// The attributes of one heap. Partitions of a table may each have another.
using StoredLayout = std::vector<StoredAttribute>;

}  // namespace pg2duck::decode
