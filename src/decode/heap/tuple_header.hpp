#pragma once

#include <cstddef>
#include <cstdint>

#include "base/byte_cursor.hpp"

namespace pg2duck::decode {

/// The header of a tuple in a heap: HeapTupleHeaderData.
/// @source src/include/access/htup_details.h
namespace heap_tuple {

inline constexpr std::size_t kHeaderSize = 23;

// t_infomask
inline constexpr unsigned kHasNull = 0x0001;
inline constexpr unsigned kXmaxKeyShareLock = 0x0010;
inline constexpr unsigned kXmaxExclusiveLock = 0x0040;
inline constexpr unsigned kXmaxLockOnly = 0x0080;
inline constexpr unsigned kXminCommitted = 0x0100;
inline constexpr unsigned kXminInvalid = 0x0200;
inline constexpr unsigned kXminFrozen = kXminCommitted | kXminInvalid;
inline constexpr unsigned kXmaxCommitted = 0x0400;
inline constexpr unsigned kXmaxInvalid = 0x0800;
inline constexpr unsigned kXmaxIsMulti = 0x1000;
inline constexpr unsigned kMoved = 0xc000;
// t_infomask2
inline constexpr unsigned kAttributeCount = 0x07ff;

inline std::uint32_t xmin(Bytes tuple) {
  return load_native<std::uint32_t>(tuple.data());
}

inline std::uint32_t xmax(Bytes tuple) {
  return load_native<std::uint32_t>(tuple.data() + 4);
}

inline unsigned infomask2(Bytes tuple) {
  return load_native<std::uint16_t>(tuple.data() + 18);
}

inline unsigned infomask(Bytes tuple) {
  return load_native<std::uint16_t>(tuple.data() + 20);
}

/// Where the attributes begin.
inline std::size_t data_offset(Bytes tuple) {
  return std::to_integer<std::size_t>(tuple[22]);
}

}  // namespace heap_tuple
}  // namespace pg2duck::decode
