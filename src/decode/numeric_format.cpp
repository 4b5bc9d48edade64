#include "decode/numeric_format.hpp"

#include <algorithm>
#include <string>

#include "decode/value_loop.hpp"

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

void WireNumeric::observe(types::ValueProfile& seen, std::size_t row) const {
  seen.has_values = true;
  if (is_special()) {
    seen.has_special = true;
    return;
  }
  seen.display_scale = std::max(seen.display_scale, display_scale);
  // The exact figures cost a load each, and are wanted only where they could be new.
  if (count > 0 && kGroupDigits * (weight + 1) > seen.integer_digits) {
    const int digits = kGroupDigits * weight + digits_of(load_group(groups, row));
    seen.integer_digits = std::max(seen.integer_digits, digits);
  }
  const int whole_scale = kGroupDigits * (count - weight - 1);
  if (count > 0 && whole_scale > seen.scale) {
    const std::uint32_t last = load_group(groups + kGroupSize * static_cast<std::size_t>(count - 1), row);
    seen.scale = std::max(seen.scale, whole_scale - trailing_zeros(last));
  }
}

const char* special_name(const WireNumeric& number) {
  return number.sign == kNan ? "NaN" : number.sign == kPlusInfinity ? "Infinity" : "-Infinity";
}

}  // namespace pg2duck::decode
