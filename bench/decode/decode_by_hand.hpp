#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <limits>

#include "base/byte_cursor.hpp"
#include "decode_columns.hpp"

/// Loops that a program for nothing but one type would have: the same checks as the decoders, the same output.
namespace pg2duck::bench {

using Loop = std::function<void(Fields, VectorView&)>;

inline void require(bool condition) {
  if (!condition) [[unlikely]] {
    std::abort();
  }
}

/// Values of one size: their lengths are checked, NULLs marked.
template <typename T, typename Read>
void load_fixed(Fields fields, VectorView& out, Read read) {
  T* values = out.values<T>();
  for (std::size_t row = 0; row < kRows; ++row) {
    const decode::Field field = fields[row];
    if (field.length == sizeof(T)) [[likely]] {
      values[row] = read(load_big_endian<T>(field.data));
    } else {
      require(field.is_null());
      values[row] = 0;
      out.set_null(row);
    }
  }
}

template <typename T>
void load_integers(Fields fields, VectorView& out) {
  load_fixed<T>(fields, out, [](T value) { return value; });
}

/// Infinities, and values that 64 bits cannot hold when they count from 1970, are left to somebody else.
inline void load_timestamps(Fields fields, VectorView& out) {
  constexpr std::int64_t kEpoch = 946'684'800'000'000;
  load_fixed<std::int64_t>(fields, out, [](std::int64_t value) {
    require(value != std::numeric_limits<std::int64_t>::min() &&
            value < std::numeric_limits<std::int64_t>::max() - kEpoch);
    return value + kEpoch;
  });
}

/// Two digits after the point and up to 13 before it; length, sign, digits and size are checked.
inline void load_prices(Fields fields, VectorView& out) {
  constexpr std::int64_t kLimit = 1'000'000'000'000'000;
  constexpr std::int64_t kWeights[] = {100, 1'000'000, 10'000'000'000, 100'000'000'000'000};
  auto* values = out.values<std::int64_t>();
  for (std::size_t row = 0; row < kRows; ++row) {
    const decode::Field field = fields[row];
    if (field.is_null()) {
      values[row] = 0;
      out.set_null(row);
      continue;
    }
    require(field.length >= 8);
    const std::size_t count = load_big_endian<std::uint16_t>(field.data);
    int weight = load_big_endian<std::int16_t>(field.data + 2);
    const auto sign = load_big_endian<std::uint16_t>(field.data + 4);
    require(static_cast<std::size_t>(field.length) == 8 + 2 * count && (sign == 0 || sign == 0x4000) && weight < 4 &&
            weight - static_cast<int>(count) >= -2);
    std::int64_t value = 0;
    for (std::size_t i = 0; i < count; ++i, --weight) {
      const std::int64_t group = load_big_endian<std::uint16_t>(field.data + 8 + 2 * i);
      require(group < 10'000 && (weight >= 0 || group % 100 == 0));
      value += weight < 0 ? group / 100 : group * kWeights[weight];
    }
    require(value < kLimit);
    values[row] = sign == 0 ? value : -value;
  }
}

inline bool is_ascii(const char* from, std::size_t size) {
  std::uint64_t bits = 0;
  for (; size >= 8; from += 8, size -= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, from, 8);
    bits |= word;
  }
  for (; size > 0; ++from, --size) {
    bits |= static_cast<unsigned char>(*from);
  }
  return (bits & 0x8080'8080'8080'8080) == 0;
}

/// Other characters than those of ASCII are left to somebody else.
inline void load_strings(Fields fields, VectorView& out) {
  auto* entries = out.values<decode::StringEntry>();
  for (std::size_t row = 0; row < kRows; ++row) {
    const decode::Field field = fields[row];
    entries[row] = {};
    if (field.is_null()) {
      out.set_null(row);
      continue;
    }
    const auto size = static_cast<std::size_t>(field.length);
    const auto* text = reinterpret_cast<const char*>(field.data);
    require(is_ascii(text, size));
    if (size <= decode::kInlineStringLength) {
      entries[row].length = static_cast<std::uint32_t>(size);
      std::memcpy(static_cast<char*>(entries[row].inlined), text, size);
    } else {
      out.assign_string(row, text, size);
    }
  }
}

}  // namespace pg2duck::bench
