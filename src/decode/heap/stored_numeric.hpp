#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/byte_cursor.hpp"
#include "decode/heap/heap_page.hpp"
#include "decode/row_batch.hpp"

namespace pg2duck::decode {

/// The header of a stored numeric: two bytes, or four for a number with a large scale or weight; then groups of four
/// decimal digits, 16 bits each, all in the machine's order.
/// @source src/backend/utils/adt/numeric.c, NumericShort and NumericLong
struct StoredNumeric {
  const std::byte* groups;
  std::size_t count;
  int weight;          ///< the first group counts times 10000^weight
  std::uint16_t sign;  ///< as on the wire (numeric_format)
  int display_scale;

  /// @return false when the header and the length do not agree
  static bool read(Bytes stored, StoredNumeric& number) {
    if (stored.size() < sizeof(std::uint16_t)) {
      return false;
    }
    const unsigned word = load_native<std::uint16_t>(stored.data());
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
        if (stored.size() < 2 * sizeof(std::uint16_t)) {
          return false;
        }
        header = 2 * sizeof(std::uint16_t);
        number.sign = static_cast<std::uint16_t>(word & kKind);
        number.display_scale = static_cast<int>(word & 0x3fff);
        number.weight = load_native<std::int16_t>(stored.data() + 2);
    }
    number.groups = stored.data() + header;
    number.count = (stored.size() - header) / sizeof(std::uint16_t);
    return (stored.size() - header) % sizeof(std::uint16_t) == 0;
  }

 private:
  static constexpr unsigned kKind = 0xc000;
  static constexpr unsigned kShort = 0x8000;
  static constexpr unsigned kSpecial = 0xc000;
  static constexpr unsigned kShortMinus = 0x2000;
  static constexpr std::uint16_t kLongMinus = 0x4000;
};

/// What numeric_send makes of a stored numeric.
/// @error Error(kCorruptData)
void append_numeric_as_sent(Bytes stored, std::vector<std::byte>& wire);

/// A stored numeric, with the header of four bytes, of what numeric_send makes.
/// @error Error(kCorruptData)
void append_numeric_as_stored(Bytes wire, std::vector<std::byte>& stored);

}  // namespace pg2duck::decode
