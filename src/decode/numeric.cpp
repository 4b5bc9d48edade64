#include "decode/numeric.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>

#include "base/byte_cursor.hpp"
#include "base/error.hpp"
#include "decode/value_loop.hpp"

namespace pg2duck::decode {
namespace {

__extension__ typedef unsigned __int128 UnsignedInt128;

constexpr int kMaxWidth = 38;
constexpr int kGroupDigits = 4;
constexpr std::uint32_t kGroupBase = 10'000;
constexpr int kSmallCount = 4;
constexpr std::size_t kHeaderSize = 8;
constexpr std::size_t kGroupSize = 2;

// The sign word. NaN, the infinities and zero all have no digits, so it alone tells them apart.
constexpr std::uint16_t kPlus = 0x0000;
constexpr std::uint16_t kMinus = 0x4000;
constexpr std::uint16_t kNan = 0xc000;
constexpr std::uint16_t kPlusInfinity = 0xd000;
constexpr std::uint16_t kMinusInfinity = 0xf000;

template <typename T>
constexpr auto kPowersOfTen = [] {
  std::array<T, (sizeof(T) == 16 ? 39 : 20)> powers = {1};
  for (std::size_t i = 1; i < powers.size(); ++i) {
    powers[i] = powers[i - 1] * 10;
  }
  return powers;
}();

/// A numeric on the wire: groups of four decimal digits, the first one times 10000^weight.
/// @source src/backend/utils/adt/numeric.c, numeric_send
struct Number {
  const std::byte* groups;
  int count;
  int weight;
};

int digits_of(std::uint32_t group) {
  return 1 + (group >= 10 ? 1 : 0) + (group >= 100 ? 1 : 0) + (group >= 1000 ? 1 : 0);
}

std::uint32_t load_group(const std::byte* group, std::size_t row) {
  const auto value = load_big_endian<std::uint16_t>(group);
  if (value >= kGroupBase) [[unlikely]] {
    throw_corrupt(row, "numeric digit of value " + std::to_string(value));
  }
  return value;
}

/// Whether each of the four 16-bit lanes of `word` is below 10,000.
bool are_groups(std::uint64_t word) {
  constexpr std::uint64_t kTopBits = 0x8000'8000'8000'8000;
  constexpr std::uint64_t kEachLane = 0x0001'0001'0001'0001;
  // With its top bit cleared, adding 32,768 - 10,000 sets a lane's top bit from 10,000 on and carries into none.
  return ((word | ((word & ~kTopBits) + kEachLane * (0x8000 - kGroupBase))) & kTopBits) == 0;
}

/// `group` without its last `digits` digits. Constant divisors: a division by a variable is several times slower.
std::uint32_t cut_digits(std::uint32_t group, int digits) {
  switch (digits) {
    case 0:
      return group;
    case 1:
      return group / 10;
    case 2:
      return group / 100;
    case 3:
      return group / 1000;
    default:
      return 0;
  }
}

template <typename Storage>
class NumericDecoder final : public ColumnDecoder {
 public:
  NumericDecoder(int width, int scale)
      : width_(width), scale_(scale), limit_(kPowersOfTen<Magnitude>[static_cast<std::size_t>(width)]) {}

  void decode(std::span<const Field> fields, ColumnView& out, std::size_t first_row) override {
    Storage* values = out.values<Storage>() + first_row;
    NullMarker nulls(out, first_row);
    for (std::size_t row = 0; row < fields.size(); ++row) {
      const Field field = fields[row];
      if (field.is_null()) {
        values[row] = 0;
        nulls.mark(row);
      } else {
        values[row] = read(field, row);
      }
    }
  }

 private:
  using Magnitude = std::conditional_t<sizeof(Storage) == 16, UnsignedInt128, std::uint64_t>;

  // Four groups times this power of ten still fit in a Magnitude.
  static constexpr int kSmallExponent = sizeof(Magnitude) == 16 ? 22 : 3;

  Storage read(const Field& field, std::size_t row) const {
    if (field.length < static_cast<std::int32_t>(kHeaderSize)) [[unlikely]] {
      throw_wrong_size(row, "numeric", field.length);
    }
    const auto count = load_big_endian<std::uint16_t>(field.data);
    const auto weight = load_big_endian<std::int16_t>(field.data + 2);
    const auto sign = load_big_endian<std::uint16_t>(field.data + 4);
    if (sign != kPlus && sign != kMinus) [[unlikely]] {
      throw_special(sign, row);
    }
    if (static_cast<std::size_t>(field.length) != kHeaderSize + kGroupSize * count) [[unlikely]] {
      throw_corrupt(row,
                    "numeric of " + std::to_string(count) + " digits in " + std::to_string(field.length) + " bytes");
    }
    const Number number = {field.data + kHeaderSize, count, weight};
    Magnitude magnitude = 0;
    if (!read_small(number, magnitude)) {
      magnitude = read_magnitude(number, row);
    }
    const auto value = static_cast<Storage>(magnitude);
    return sign == kMinus ? static_cast<Storage>(-value) : value;
  }

  /// The number times 10^scale into `magnitude`, nearly without branches, if it has up to four groups of which only
  /// the last may pass the scale. Column after column of money is that; the sizes of its numbers are hard to foretell.
  /// @return false when it is another number, or one that must be refused
  bool read_small(const Number& number, Magnitude& magnitude) const {
    const int exponent = kGroupDigits * (number.weight - number.count + 1) + scale_;  // of the last group
    if (number.count < 1 || number.count > kSmallCount || exponent <= -kGroupDigits || exponent > kSmallExponent) {
      return false;
    }
    // The eight bytes that end with the last group; the header is in front, so that they are always there.
    const auto count = static_cast<std::size_t>(number.count);
    const std::uint64_t word = load_big_endian<std::uint64_t>(number.groups + kGroupSize * count - sizeof(word)) &
                               (~std::uint64_t{0} >> (64 - 16 * count));
    const std::uint64_t last = word & 0xffff;
    const std::uint64_t others =
        ((word >> 48) * kGroupBase + (word >> 32 & 0xffff)) * kGroupBase + (word >> 16 & 0xffff);
    bool exact = true;
    if (exponent < 0) {
      const std::uint32_t kept = cut_digits(static_cast<std::uint32_t>(last), -exponent);
      exact = kept * kPowersOfTen<std::uint64_t>[static_cast<std::size_t>(-exponent)] == last;
      const int reached = kGroupDigits + exponent;
      magnitude = others * kPowersOfTen<std::uint64_t>[static_cast<std::size_t>(reached)] + kept;
    } else {
      magnitude = Magnitude{others * kGroupBase + last} * kPowersOfTen<Magnitude>[static_cast<std::size_t>(exponent)];
    }
    return exact && magnitude < limit_ && are_groups(word);
  }

  /// The number times 10^scale.
  Magnitude read_magnitude(Number number, std::size_t row) const {
    std::uint32_t first = 0;
    while (number.count > 0 && (first = load_group(number.groups, row)) == 0) {
      number = {number.groups + kGroupSize, number.count - 1, number.weight - 1};
    }
    if (number.count == 0) {
      return 0;
    }
    // The power of ten that the first group counts in. Held against the width before any multiplication: what
    // passes is below 10^width at every step, so nothing overflows.
    const int exponent = kGroupDigits * number.weight + scale_;
    if (digits_of(first) + exponent > width_) [[unlikely]] {
      throw_too_wide(digits_of(first) + kGroupDigits * number.weight, row);
    }
    const int whole = exponent < 0 ? 0 : std::min(number.count, exponent / kGroupDigits + 1);
    Magnitude magnitude = 0;
    for (int i = 0; i < whole; ++i) {
      magnitude = magnitude * kGroupBase + load_group(number.groups + kGroupSize * static_cast<std::size_t>(i), row);
    }
    if (whole == number.count) {
      const int missing = exponent - kGroupDigits * (whole - 1);
      return magnitude * kPowersOfTen<Magnitude>[static_cast<std::size_t>(missing)];
    }
    const Number rest = {number.groups + kGroupSize * static_cast<std::size_t>(whole), number.count - whole, 0};
    return append_rest(magnitude, rest, exponent - kGroupDigits * whole, row);
  }

  /// Appends the digits of `rest` that the scale reaches; all digits after them must be zero.
  /// @shape `exponent`, the power of ten that the first group of `rest` counts in, is negative
  Magnitude append_rest(Magnitude magnitude, const Number& rest, int exponent, std::size_t row) const {
    const int beyond = std::min(-exponent, kGroupDigits);
    const std::uint32_t group = load_group(rest.groups, row);
    const std::uint32_t kept = cut_digits(group, beyond);
    bool exact = kept * kPowersOfTen<std::uint64_t>[static_cast<std::size_t>(beyond)] == group;
    for (int i = 1; i < rest.count; ++i) {
      exact = load_group(rest.groups + kGroupSize * static_cast<std::size_t>(i), row) == 0 && exact;
    }
    if (!exact) [[unlikely]] {
      throw_unrepresentable(row, "a number with digits beyond the scale cannot be held by " + target());
    }
    return magnitude * kPowersOfTen<Magnitude>[static_cast<std::size_t>(kGroupDigits - beyond)] + kept;
  }

  [[noreturn]] void throw_special(std::uint16_t sign, std::size_t row) const {
    switch (sign) {
      case kNan:
        throw_unrepresentable(row, "NaN cannot be held by " + target());
      case kPlusInfinity:
        throw_unrepresentable(row, "Infinity cannot be held by " + target());
      case kMinusInfinity:
        throw_unrepresentable(row, "-Infinity cannot be held by " + target());
      default:
        throw_corrupt(row, "numeric with sign word " + std::to_string(sign));
    }
  }

  [[noreturn]] void throw_too_wide(int digits, std::size_t row) const {
    throw_unrepresentable(
        row, "a number with " + std::to_string(digits) + " digits before the point cannot be held by " + target());
  }

  [[nodiscard]] std::string target() const { return types::DuckType::decimal(width_, scale_).sql(); }

  int width_;
  int scale_;
  Magnitude limit_;  // 10^width
};

}  // namespace

std::unique_ptr<ColumnDecoder> make_numeric_decoder(const types::DuckType& target) {
  const int width = target.width;
  const int scale = target.scale;
  if (target.id != types::DuckTypeId::kDecimal || width < 1 || width > kMaxWidth || scale > width) {
    throw Error(ErrorKind::kBug, "numeric cannot be decoded into " + target.sql());
  }
  if (width <= 4) {
    return std::make_unique<NumericDecoder<std::int16_t>>(width, scale);
  }
  if (width <= 9) {
    return std::make_unique<NumericDecoder<std::int32_t>>(width, scale);
  }
  if (width <= 18) {
    return std::make_unique<NumericDecoder<std::int64_t>>(width, scale);
  }
  return std::make_unique<NumericDecoder<Int128>>(width, scale);
}

}  // namespace pg2duck::decode
