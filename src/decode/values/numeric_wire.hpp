#pragma once

#include <cstddef>
#include <cstdint>

#include "base/byte_cursor.hpp"
#include "decode/row_batch.hpp"

namespace pg2duck::decode {

/// The wire format of numeric: four 16-bit words, then groups of four decimal digits, 16 bits each.
/// @source src/backend/utils/adt/numeric.c, numeric_send
namespace numeric_wire {

inline constexpr int kGroupDigits = 4;
inline constexpr std::uint32_t kGroupBase = 10'000;
inline constexpr std::size_t kHeaderSize = 8;
inline constexpr std::size_t kGroupSize = 2;

// The sign word. NaN, the infinities and zero all have no digits, so it alone tells them apart.
inline constexpr std::uint16_t kPlus = 0x0000;
inline constexpr std::uint16_t kMinus = 0x4000;
inline constexpr std::uint16_t kNan = 0xc000;
inline constexpr std::uint16_t kPlusInfinity = 0xd000;
inline constexpr std::uint16_t kMinusInfinity = 0xf000;

inline constexpr int kMaxDisplayScale = 0x3fff;

inline int digits_of(std::uint32_t group) {
  return 1 + (group >= 10 ? 1 : 0) + (group >= 100 ? 1 : 0) + (group >= 1000 ? 1 : 0);
}

/// A group, checked.
/// @error BadValue
std::uint32_t load_group(const std::byte* group, std::size_t row);

}  // namespace numeric_wire

/// A numeric whose header has been read and held against its length.
struct WireNumeric {
  const std::byte* groups;
  int count;
  int weight;  ///< the first group counts times 10000^weight
  std::uint16_t sign;
  int display_scale;  ///< digits after the point as Postgres prints them

  [[nodiscard]] bool is_special() const { return sign != numeric_wire::kPlus && sign != numeric_wire::kMinus; }

  /// @pre `field` is not NULL
  /// @error BadValue when the header and the length do not agree, or the sign is none
  static WireNumeric read(const Field& field, std::size_t row) {
    if (field.length >= static_cast<std::int32_t>(numeric_wire::kHeaderSize)) [[likely]] {
      const WireNumeric number = {.groups = field.data + numeric_wire::kHeaderSize,
                                  .count = load_big_endian<std::uint16_t>(field.data),
                                  .weight = load_big_endian<std::int16_t>(field.data + 2),
                                  .sign = load_big_endian<std::uint16_t>(field.data + 4),
                                  .display_scale = load_big_endian<std::uint16_t>(field.data + 6)};
      if (number.fills(field) && number.has_sign()) [[likely]] {
        return number;
      }
    }
    throw_malformed(field, row);
  }

  /// Digits after the point, zeros at the end not counted: exact where it is more than `known`, else no more than that.
  /// @error BadValue
  [[nodiscard]] int scale(int known, std::size_t row) const;

 private:
  [[nodiscard]] bool fills(const Field& field) const {
    return static_cast<std::size_t>(field.length) ==
           numeric_wire::kHeaderSize + numeric_wire::kGroupSize * static_cast<std::size_t>(count);
  }

  [[nodiscard]] bool has_sign() const {
    return !is_special() || sign == numeric_wire::kNan || sign == numeric_wire::kPlusInfinity ||
           sign == numeric_wire::kMinusInfinity;
  }

  [[noreturn]] static void throw_malformed(const Field& field, std::size_t row);
};

/// "NaN", "Infinity" or "-Infinity".
/// @pre `number.is_special()`
const char* special_name(const WireNumeric& number);

}  // namespace pg2duck::decode
