#include "decode/values/numeric_format.hpp"

#include <algorithm>
#include <string>

#include "decode/values/value_loop.hpp"

namespace pg2duck::decode {

using namespace numeric_format;

namespace {

int trailing_zeros(std::uint32_t group) {
  return (group % 10 == 0 ? 1 : 0) + (group % 100 == 0 ? 1 : 0) + (group % 1000 == 0 ? 1 : 0);
}

}  // namespace

std::uint32_t numeric_format::load_group(const std::byte* group, std::size_t row) {
  const auto value = load_big_endian<std::uint16_t>(group);
  if (value >= kGroupBase) [[unlikely]] {
    throw_corrupt(row, "numeric digit of value " + std::to_string(value));
  }
  return value;
}

void WireNumeric::throw_malformed(const Field& field, std::size_t row) {
  if (field.length < static_cast<std::int32_t>(kHeaderSize)) {
    throw_wrong_size(row, "numeric", field.length);
  }
  const auto count = load_big_endian<std::uint16_t>(field.data);
  const auto sign = load_big_endian<std::uint16_t>(field.data + 4);
  if (static_cast<std::size_t>(field.length) != kHeaderSize + kGroupSize * count) {
    throw_corrupt(row, "numeric of " + std::to_string(count) + " digits in " + std::to_string(field.length) + " bytes");
  }
  throw_corrupt(row, "numeric with sign word " + std::to_string(sign));
}

int WireNumeric::scale(int known, std::size_t row) const {
  // The last group that is not zero: Postgres strips those behind it.
  for (int last = count - 1; last >= 0 && kGroupDigits * (last - weight) > known; --last) {
    const std::uint32_t group = load_group(groups + kGroupSize * static_cast<std::size_t>(last), row);
    if (group != 0) {
      return kGroupDigits * (last - weight) - trailing_zeros(group);
    }
  }
  return known;
}

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

const char* special_name(const WireNumeric& number) {
  return number.sign == kNan ? "NaN" : number.sign == kPlusInfinity ? "Infinity" : "-Infinity";
}

}  // namespace pg2duck::decode
