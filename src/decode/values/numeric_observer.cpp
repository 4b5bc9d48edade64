#include "decode/values/numeric_observer.hpp"

namespace pg2duck::decode {

using namespace numeric_wire;

void NumericObserver::add(const WireNumeric& number, std::size_t row) {
  seen_.has_values = true;
  if (number.is_special()) {
    seen_.has_special = true;
    return;
  }
  seen_.display_scale = std::max(seen_.display_scale, number.display_scale);
  seen_.scale = std::max(seen_.scale, number.scale(seen_.scale, row));
  if (number.count > 0 && size_of(number) > largest_) {
    largest_ = size_of(number);
    seen_.integer_digits =
        std::max(seen_.integer_digits, kGroupDigits * number.weight + digits_of(load_group(number.groups, row)));
  }
}

}  // namespace pg2duck::decode
