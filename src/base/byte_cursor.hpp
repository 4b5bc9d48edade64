#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>

#include "base/error.hpp"

namespace pg2duck {

static_assert(std::endian::native == std::endian::little, "pg2duck is built for little-endian machines");

using Bytes = std::span<const std::byte>;

/// Big-endian integer or IEEE number at `data`; the caller has checked that sizeof(T) bytes are there.
template <typename T>
[[nodiscard]] inline T load_big_endian(const std::byte* data) {
  if constexpr (sizeof(T) == 1) {
    return std::bit_cast<T>(*data);
  } else if constexpr (sizeof(T) == 2) {
    std::uint16_t raw;
    std::memcpy(&raw, data, 2);
    return std::bit_cast<T>(static_cast<std::uint16_t>(__builtin_bswap16(raw)));
  } else if constexpr (sizeof(T) == 4) {
    std::uint32_t raw;
    std::memcpy(&raw, data, 4);
    return std::bit_cast<T>(__builtin_bswap32(raw));
  } else {
    static_assert(sizeof(T) == 8);
    std::uint64_t raw;
    std::memcpy(&raw, data, 8);
    return std::bit_cast<T>(__builtin_bswap64(raw));
  }
}

/// Number at `data` in the machine's order; the caller has checked that sizeof(T) bytes are there.
template <typename T>
[[nodiscard]] inline T load_native(const std::byte* data) {
  T value;
  std::memcpy(&value, data, sizeof(T));
  return value;
}

/// Which way round a number's bytes lie.
enum class ByteOrder {
  kNetwork,  ///< on the wire
  kNative,   ///< in the server's memory, which is that of a machine like ours
};

template <ByteOrder Order, typename T>
[[nodiscard]] inline T load(const std::byte* data) {
  if constexpr (Order == ByteOrder::kNetwork) {
    return load_big_endian<T>(data);
  } else {
    return load_native<T>(data);
  }
}

/// Bounds-checked reader of network-order bytes. Every read is checked in release builds too.
/// @error Error(kCorruptData) when a read would pass the end
class ByteCursor {
 public:
  explicit ByteCursor(Bytes bytes) : position_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  [[nodiscard]] std::size_t remaining() const { return static_cast<std::size_t>(end_ - position_); }

  [[nodiscard]] bool at_end() const { return position_ == end_; }

  [[nodiscard]] const std::byte* position() const { return position_; }

  template <typename T>
  T read() {
    require(sizeof(T));
    T value = load_big_endian<T>(position_);
    position_ += sizeof(T);
    return value;
  }

  Bytes take(std::size_t size) {
    require(size);
    Bytes result(position_, size);
    position_ += size;
    return result;
  }

 private:
  void require(std::size_t size) const {
    if (remaining() < size) {
      throw Error(ErrorKind::kCorruptData, "a length in the data leaves its value");
    }
  }

  const std::byte* position_;
  const std::byte* end_;
};

}  // namespace pg2duck
