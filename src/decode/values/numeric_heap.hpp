#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/byte_cursor.hpp"

namespace pg2duck::decode {

/// A numeric in heap format: a header of two bytes, or of four for a number with a large scale or weight; then groups
/// of four decimal digits, 16 bits each, all in the machine's order.
/// @source src/backend/utils/adt/numeric.c, NumericShort and NumericLong
struct HeapNumeric {
  const std::byte* groups;
  std::size_t count;
  int weight;          ///< the first group counts times 10000^weight
  std::uint16_t sign;  ///< as in wire format (numeric_wire)
  int display_scale;

  /// @return false when the header and the length do not agree
  static bool read(Bytes heap, HeapNumeric& number) {
    if (heap.size() < sizeof(std::uint16_t)) {
      return false;
    }
    const unsigned word = load_native<std::uint16_t>(heap.data());
    std::size_t header = sizeof(std::uint16_t);
    switch (word & kKind) {
      case kShort:
        number.sign = (word & kShortMinus) != 0 ? kLongMinus : 0;
        number.display_scale = static_cast<int>(word >> 7 & 0x3f);
        // Seven bits with a sign.
        number.weight = static_cast<int>((word & 0x7f) ^ 0x40) - 0x40;
        break;
      case kSpecial:
        number.sign = static_cast<std::uint16_t>(word & 0xf000);
        number.display_scale = 0;
        number.weight = 0;
        break;
      default:
        if (heap.size() < 2 * sizeof(std::uint16_t)) {
          return false;
        }
        header = 2 * sizeof(std::uint16_t);
        number.sign = static_cast<std::uint16_t>(word & kKind);
        number.display_scale = static_cast<int>(word & 0x3fff);
        number.weight = load_native<std::int16_t>(heap.data() + 2);
    }
    number.groups = heap.data() + header;
    number.count = (heap.size() - header) / sizeof(std::uint16_t);
    return (heap.size() - header) % sizeof(std::uint16_t) == 0;
  }

 private:
  static constexpr unsigned kKind = 0xc000;
  static constexpr unsigned kShort = 0x8000;
  static constexpr unsigned kSpecial = 0xc000;
  static constexpr unsigned kShortMinus = 0x2000;
  static constexpr std::uint16_t kLongMinus = 0x4000;
};

/// Appends to `wire` what numeric_send makes of a numeric in heap format.
/// @error Error(kCorruptData)
void append_numeric_as_wire(Bytes heap, std::vector<std::byte>& wire);

/// Appends to `heap` the numeric in `wire`, with the header of four bytes.
/// @error Error(kCorruptData)
void append_numeric_as_heap(Bytes wire, std::vector<std::byte>& heap);

}  // namespace pg2duck::decode
