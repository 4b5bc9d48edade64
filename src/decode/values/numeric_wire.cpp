#include "decode/values/numeric_wire.hpp"

#include <string>

#include "decode/bad_value.hpp"

namespace pg2duck::decode {

using namespace numeric_wire;

namespace {

int trailing_zeros(std::uint32_t group) {
  return (group % 10 == 0 ? 1 : 0) + (group % 100 == 0 ? 1 : 0) + (group % 1000 == 0 ? 1 : 0);
}

}  // namespace

std::uint32_t numeric_wire::load_group(const std::byte* group, std::size_t row) {
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

const char* special_name(const WireNumeric& number) {
  return number.sign == kNan ? "NaN" : number.sign == kPlusInfinity ? "Infinity" : "-Infinity";
}

}  // namespace pg2duck::decode
