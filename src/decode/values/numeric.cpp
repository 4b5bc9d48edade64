#include "decode/values/numeric.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "base/byte_cursor.hpp"
#include "base/error.hpp"
#include "decode/bad_value.hpp"
#include "decode/null_marker.hpp"
#include "decode/values/numeric_heap.hpp"
#include "decode/values/numeric_observer.hpp"
#include "decode/values/numeric_wire.hpp"

namespace pg2duck::decode {
namespace {

__extension__ typedef unsigned __int128 UnsignedInt128;

using namespace numeric_wire;

constexpr int kMaxWidth = 38;
constexpr std::uint32_t kSmallCount = 4;

template <typename T>
constexpr auto kPowersOfTen = [] {
  std::array<T, (sizeof(T) == 16 ? 39 : 20)> powers = {1};
  for (std::size_t i = 1; i < powers.size(); ++i) {
    powers[i] = powers[i - 1] * 10;
  }
  return powers;
}();

/// The digits of a number: the first group counts times 10000^weight.
struct Digits {
  const std::byte* groups;
  int count;
  int weight;
};

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

/// How the groups of a small number make up its magnitude: others * `others` + last / `unit` * `last`.
template <typename Magnitude>
struct Step {
  Magnitude others;
  Magnitude last;
  std::uint32_t unit;
  std::uint32_t reciprocal;  ///< of `unit`, times 2^kReciprocalBits
};

constexpr unsigned kReciprocalBits = 24;

/// The steps by the power of ten that the last group counts in: -3, -2, ...
template <typename Magnitude, int Last>
constexpr auto kSteps = [] {
  std::array<Step<Magnitude>, Last + kGroupDigits> steps = {};
  std::uint32_t unit = kGroupBase / 10;
  Magnitude power = 10;
  for (auto& step : steps) {
    step = {.others = power,
            .last = unit > 1 || power == kGroupBase ? Magnitude{1} : power / kGroupBase,
            .unit = unit,
            .reciprocal = (1U << kReciprocalBits) / unit + 1};
    unit = unit > 1 ? unit / 10 : 1;
    power *= 10;
  }
  return steps;
}();

/// `group` / step.unit. A division by a variable is many times slower.
template <typename Magnitude>
std::uint64_t divide(std::uint64_t group, const Step<Magnitude>& step) {
  return group * step.reciprocal >> kReciprocalBits;
}

/// Turns numbers into DECIMAL(width, scale), kept in a `Storage`.
template <typename Storage>
class DecimalReader {
 public:
  DecimalReader(int width, int scale)
      : width_(width), scale_(scale), limit_(kPowersOfTen<Magnitude>[static_cast<std::size_t>(width)]) {}

  /// @pre `field` is not NULL
  /// @error BadValue
  Storage read(const Field& field, std::size_t row) const {
    Storage value = 0;
    return read_small(field, value) ? value : read_any(field, row);
  }

  /// The same in heap format.
  Storage read_heap(const Field& field, std::size_t row) const {
    Storage value = 0;
    return read_small_heap(field, value) ? value : read_any_heap(field, row);
  }

 private:
  using Magnitude = std::conditional_t<sizeof(Storage) == 16, UnsignedInt128, std::uint64_t>;

  // The sign word in the header's 64 bits.
  static constexpr std::uint64_t kSignBits = 0xffff'0000;
  static constexpr std::uint64_t kMinusBit = std::uint64_t{kMinus} << 16;
  // Four groups times this power of ten still fit in a Magnitude.
  static constexpr int kSmallExponent = sizeof(Magnitude) == 16 ? 22 : 3;

  /// Nearly without branches, if the number has up to four groups of which only the last may pass the scale. Column
  /// after column of money is that; the sizes of its numbers are hard to foretell.
  /// @return false when it is another number, or one that must be refused
  bool read_small(const Field& field, Storage& value) const {
    constexpr auto kHeader = static_cast<std::uint32_t>(kHeaderSize);
    const auto size = static_cast<std::uint32_t>(field.length);
    if (size - kHeader > kGroupSize * kSmallCount) {
      return false;
    }
    const auto header = load_big_endian<std::uint64_t>(field.data);
    const std::uint64_t count = header >> 48;
    if (kHeader + kGroupSize * count != size || (header & kSignBits & ~kMinusBit) != 0) {
      return false;
    }
    if (count == 0) {
      value = 0;
      return true;
    }
    // The eight bytes that end with the last group; the header is in front, so that they are always there.
    const std::uint64_t word = load_big_endian<std::uint64_t>(field.data + size - sizeof(std::uint64_t)) &
                               (~std::uint64_t{0} >> (64 - 16 * count));
    const std::uint64_t others =
        (word >> 48) * kGroupBase * kGroupBase + (word >> 32 & 0xffff) * kGroupBase + (word >> 16 & 0xffff);
    const int last_weight = static_cast<std::int16_t>(header >> 32) - static_cast<int>(count) + 1;
    return join(others, word & 0xffff, last_weight, (header & kMinusBit) != 0, value) && are_groups(word);
  }

  bool read_small_heap(const Field& field, Storage& value) const {
    HeapNumeric number{};
    if (!HeapNumeric::read(field.bytes(), number) || number.count > kSmallCount ||
        (number.sign & ~unsigned{kMinus}) != 0) {
      return false;
    }
    if (number.count == 0) {
      value = 0;
      return true;
    }
    // As above, but the first group lies in the lowest bits.
    const std::uint64_t word = load_native<std::uint64_t>(field.data + field.length - sizeof(std::uint64_t)) &
                               (~std::uint64_t{0} << (64 - 16 * number.count));
    const std::uint64_t others =
        (word & 0xffff) * kGroupBase * kGroupBase + (word >> 16 & 0xffff) * kGroupBase + (word >> 32 & 0xffff);
    const int last_weight = number.weight - static_cast<int>(number.count) + 1;
    return join(others, word >> 48, last_weight, number.sign == kMinus, value) && are_groups(word);
  }

  /// Puts a number together from its last group and those before it.
  /// @return false when it must be refused, or is too large for this way
  bool join(std::uint64_t others, std::uint64_t last, int last_weight, bool is_minus, Storage& value) const {
    const int exponent = kGroupDigits * last_weight + scale_;  // of the last group
    if (exponent <= -kGroupDigits || exponent > kSmallExponent) {
      return false;
    }
    const auto& step = kSteps<Magnitude, kSmallExponent>[static_cast<std::size_t>(exponent + kGroupDigits - 1)];
    const std::uint64_t kept = divide(last, step);
    const Magnitude magnitude = others * step.others + kept * step.last;
    value = with_sign(magnitude, is_minus);
    return kept * step.unit == last && magnitude < limit_;
  }

  static Storage with_sign(Magnitude magnitude, bool is_minus) {
    return static_cast<Storage>(is_minus ? Magnitude{0} - magnitude : magnitude);
  }

  [[gnu::noinline]] Storage read_any(const Field& field, std::size_t row) const {
    const WireNumeric wire = WireNumeric::read(field, row);
    if (wire.is_special()) {
      throw_unrepresentable(row, std::string(special_name(wire)) + " cannot be held by " + target());
    }
    return with_sign(read_magnitude({wire.groups, wire.count, wire.weight}, row), wire.sign == kMinus);
  }

  [[gnu::noinline]] Storage read_any_heap(const Field& field, std::size_t row) const {
    std::vector<std::byte> wire;
    try {
      append_numeric_as_wire(field.bytes(), wire);
    } catch (const Error& error) {
      throw_corrupt(row, error.message());
    }
    return read_any({wire.data(), static_cast<std::int32_t>(wire.size())}, row);
  }

  /// The number times 10^scale.
  Magnitude read_magnitude(Digits number, std::size_t row) const {
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
    const Digits rest = {number.groups + kGroupSize * static_cast<std::size_t>(whole), number.count - whole, 0};
    return append_rest(magnitude, rest, exponent - kGroupDigits * whole, row);
  }

  /// Appends the digits of `rest` that the scale reaches; all digits after them must be zero.
  /// @pre `exponent`, the power of ten that the first group of `rest` counts in, is negative
  Magnitude append_rest(Magnitude magnitude, const Digits& rest, int exponent, std::size_t row) const {
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

  [[noreturn]] void throw_too_wide(int digits, std::size_t row) const {
    throw_unrepresentable(
        row, "a number with " + std::to_string(digits) + " digits before the point cannot be held by " + target());
  }

  [[nodiscard]] std::string target() const { return types::DuckType::decimal(width_, scale_).sql(); }

  int width_;
  int scale_;
  Magnitude limit_;  // 10^width
};

template <typename Storage, bool IsHeap>
class NumericDecoder final : public ColumnDecoder {
 public:
  NumericDecoder(int width, int scale) : reader_(width, scale) {}

  void decode(std::span<const Field> fields, ColumnView& out, std::size_t first_row) override {
    const DecimalReader<Storage> reader = reader_;  // in registers: what is written could be a part of this object
    Storage* values = out.values<Storage>() + first_row;
    NullMarker nulls(out, first_row);
    for (std::size_t row = 0; row < fields.size(); ++row) {
      const Field& field = fields[row];
      if (field.is_null()) {
        values[row] = 0;
        nulls.mark(row);
      } else {
        values[row] = IsHeap ? reader.read_heap(field, row) : reader.read(field, row);
      }
    }
  }

 private:
  DecimalReader<Storage> reader_;
};

/// Numeric without a bound, into a DECIMAL(38, scale) that was guessed.
class AdaptiveNumericDecoder final : public ColumnDecoder {
 public:
  explicit AdaptiveNumericDecoder(const types::Mapping& mapping)
      : reader_(mapping.target.width, mapping.target.scale),
        refuse_special_(mapping.fit == types::Fit::kAdaptiveFinite),
        slot_(mapping.slot) {}

  void decode(std::span<const Field> fields, ColumnView& out, std::size_t first_row) override {
    Int128* values = out.values<Int128>() + first_row;
    NullMarker nulls(out, first_row);
    for (std::size_t row = 0; row < fields.size(); ++row) {
      values[row] = 0;
      if (fields[row].is_null()) {
        nulls.mark(row);
        continue;
      }
      const WireNumeric number = WireNumeric::read(fields[row], row);
      if (!number.is_special() || !refuse_special_) {
        observer_.observe(number, row);
      }
      // After the first misfit nobody wants the values any more, only what would hold them.
      if (!has_misfit_) {
        values[row] = read(fields[row], number, row);
      }
    }
  }

  void collect(types::ColumnProfile& profile) const override {
    types::ValueProfile seen = observer_.seen();
    seen.has_misfit = has_misfit_;
    types::add(profile, slot_, seen);
  }

 private:
  Int128 read(const Field& field, const WireNumeric& number, std::size_t row) {
    try {
      return reader_.read(field, row);
    } catch (const BadValue& bad) {
      if (!bad.unrepresentable || (number.is_special() && refuse_special_)) {
        throw;
      }
      has_misfit_ = true;
      return 0;
    }
  }

  DecimalReader<Int128> reader_;
  bool refuse_special_;
  std::size_t slot_;
  NumericObserver observer_;
  bool has_misfit_ = false;
};

template <bool IsHeap>
std::unique_ptr<ColumnDecoder> make(int width, int scale) {
  if (width <= 4) {
    return std::make_unique<NumericDecoder<std::int16_t, IsHeap>>(width, scale);
  }
  if (width <= 9) {
    return std::make_unique<NumericDecoder<std::int32_t, IsHeap>>(width, scale);
  }
  if (width <= 18) {
    return std::make_unique<NumericDecoder<std::int64_t, IsHeap>>(width, scale);
  }
  return std::make_unique<NumericDecoder<Int128, IsHeap>>(width, scale);
}

/// @error Error(kBug)
void check_target(const types::DuckType& target, bool whole_width) {
  if (target.id != types::DuckTypeId::kDecimal || target.width < 1 || target.width > kMaxWidth ||
      target.scale > target.width || (whole_width && target.width != kMaxWidth)) {
    throw Error(ErrorKind::kBug, "numeric cannot be decoded into " + target.sql());
  }
}

}  // namespace

std::unique_ptr<ColumnDecoder> make_numeric_decoder(const types::Mapping& mapping) {
  const bool adaptive = mapping.fit != types::Fit::kStrict;
  check_target(mapping.target, adaptive);
  if (adaptive) {
    return std::make_unique<AdaptiveNumericDecoder>(mapping);
  }
  return make<false>(mapping.target.width, mapping.target.scale);
}

std::unique_ptr<ColumnDecoder> make_heap_numeric_decoder(const types::Mapping& mapping) {
  check_target(mapping.target, false);
  if (mapping.fit != types::Fit::kStrict) {
    throw Error(ErrorKind::kBug, "no numeric in heap format is decoded adaptively");
  }
  return make<true>(mapping.target.width, mapping.target.scale);
}

}  // namespace pg2duck::decode
