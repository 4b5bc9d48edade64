#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/byte_cursor.hpp"
#include "decode/values/numeric_wire.hpp"
#include "types/value_profile.hpp"

namespace pg2duck::decode {

/// What numbers show of the type that would hold them all.
class NumericObserver {
 public:
  /// @error BadValue
  void observe(const WireNumeric& number, std::size_t row) {
    if (!is_known(number)) {
      add(number, row);
    }
  }

  /// Without `has_misfit`.
  [[nodiscard]] const types::ValueProfile& seen() const { return seen_; }

 private:
  /// Whether the number is no larger and no finer than those before it. Asked of every number, so it counts no digits.
  [[nodiscard]] bool is_known(const WireNumeric& number) const {
    if (number.is_special() || number.display_scale > seen_.display_scale || !seen_.has_values) {
      return false;
    }
    if (number.count == 0) {
      return true;
    }
    // No number has more digits than Postgres prints.
    const int finest = std::min(number.display_scale, numeric_wire::kGroupDigits * (number.count - number.weight - 1));
    return size_of(number) <= largest_ && finest <= seen_.scale;
  }

  /// The order of numbers by their digits before the point.
  static std::int32_t size_of(const WireNumeric& number) {
    return number.weight * 0x10000 + load_big_endian<std::uint16_t>(number.groups);
  }

  void add(const WireNumeric& number, std::size_t row);

  types::ValueProfile seen_;
  std::int32_t largest_ = 0;  ///< by size_of
};

}  // namespace pg2duck::decode
