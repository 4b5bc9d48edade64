#include "types/pg_type.hpp"

namespace pg2duck::types {

NumericModifier numeric_modifier(std::int32_t typmod) {
  const auto packed = static_cast<std::uint32_t>(typmod - 4);
  const auto precision = static_cast<std::int32_t>((packed >> 16) & 0xffff);
  // Eleven bits, two's complement: PG 15 made room for scales from -1000 to 1000.
  const auto scale = static_cast<std::int32_t>((packed & 0x7ff) ^ 0x400) - 0x400;
  return {precision, scale};
}

}  // namespace pg2duck::types
