#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "decode/row_batch.hpp"

namespace pg2duck::test_support {

/// Builds bytes as Postgres sends them.
class Wire {
 public:
  /// `value` in network order.
  template <std::integral T>
  Wire& put(T value) {
    for (std::size_t i = sizeof(T); i-- > 0;) {
      bytes_ += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i) & 0xff);
    }
    return *this;
  }

  Wire& put(std::string_view bytes) {
    bytes_ += bytes;
    return *this;
  }

  /// A length and the bytes, or -1 for NULL.
  Wire& field(const std::optional<std::string>& value) {
    put(value ? static_cast<std::int32_t>(value->size()) : std::int32_t{-1});
    return value ? put(std::string_view(*value)) : *this;
  }

  [[nodiscard]] const std::string& bytes() const { return bytes_; }

  // NOLINTNEXTLINE(google-explicit-constructor): reads as bytes wherever bytes are asked for
  operator std::string() const { return bytes_; }

 private:
  std::string bytes_;
};

template <std::integral T>
std::string wire(T value) {
  return Wire().put(value).bytes();
}

/// A numeric: `weight` is the power of 10,000 of the first of `digits`.
inline std::string wire_numeric(std::int16_t weight, std::uint16_t sign, const std::vector<std::uint16_t>& digits,
                                std::int16_t display_scale = 0) {
  Wire out;
  out.put(static_cast<std::uint16_t>(digits.size())).put(weight).put(sign).put(display_scale);
  for (const std::uint16_t digit : digits) {
    out.put(digit);
  }
  return out;
}

inline constexpr std::uint16_t kPlus = 0x0000;
inline constexpr std::uint16_t kMinus = 0x4000;

/// A one-dimensional array.
inline std::string wire_array(std::uint32_t element, const std::vector<std::optional<std::string>>& values,
                              std::int32_t lower_bound = 1) {
  Wire out;
  out.put(std::int32_t{1}).put(std::int32_t{0}).put(element);
  out.put(static_cast<std::int32_t>(values.size())).put(lower_bound);
  for (const auto& value : values) {
    out.field(value);
  }
  return out;
}

/// Fields whose bytes each lie in a block of their own, so that AddressSanitizer sees a step over any value's edge.
class FieldBlocks {
 public:
  explicit FieldBlocks(const std::vector<std::optional<std::string>>& values) {
    for (const auto& value : values) {
      if (!value) {
        fields_.emplace_back();
        continue;
      }
      const auto* begin = reinterpret_cast<const std::byte*>(value->data());
      const auto& block = blocks_.emplace_back(begin, begin + value->size());
      fields_.push_back({block.data(), static_cast<std::int32_t>(value->size())});
    }
  }

  [[nodiscard]] std::span<const decode::Field> fields() const { return fields_; }

 private:
  std::vector<std::vector<std::byte>> blocks_;
  std::vector<decode::Field> fields_;
};

}  // namespace pg2duck::test_support
