#include "decode/values/scalars.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/byte_cursor.hpp"
#include "base/error.hpp"
#include "decode/bad_value.hpp"
#include "decode/values/fixed_size_decoder.hpp"

namespace pg2duck::decode {
namespace {

template <typename T, ByteOrder Order>
struct Number {
  using Value = T;
  static constexpr std::int32_t kSize = sizeof(T);

  static T read(const std::byte* data, std::size_t /*row*/) { return load<Order, T>(data); }
};

template <ByteOrder Order>
struct Int2 : Number<std::int16_t, Order> {
  static constexpr const char* kType = "int2";
};

template <ByteOrder Order>
struct Int4 : Number<std::int32_t, Order> {
  static constexpr const char* kType = "int4";
};

template <ByteOrder Order>
struct Int8 : Number<std::int64_t, Order> {
  static constexpr const char* kType = "int8";
};

template <ByteOrder Order>
struct Uint4 : Number<std::uint32_t, Order> {
  static constexpr const char* kType = "oid";
};

template <ByteOrder Order>
struct Uint8 : Number<std::uint64_t, Order> {
  static constexpr const char* kType = "xid8";
};

// Moved as bits: a floating-point register could quiet a signalling NaN.
template <ByteOrder Order>
struct Float4 : Number<std::uint32_t, Order> {
  static constexpr const char* kType = "float4";
};

template <ByteOrder Order>
struct Float8 : Number<std::uint64_t, Order> {
  static constexpr const char* kType = "float8";
};

/// A count of the smallest unit, which is what a DECIMAL(19, f) is kept as.
template <ByteOrder Order>
struct Money {
  using Value = Int128;
  static constexpr std::int32_t kSize = 8;
  static constexpr const char* kType = "money";

  static Value read(const std::byte* data, std::size_t /*row*/) { return load<Order, std::int64_t>(data); }
};

struct Bool {
  using Value = std::uint8_t;
  static constexpr std::int32_t kSize = 1;
  static constexpr const char* kType = "bool";

  static Value read(const std::byte* data, std::size_t row) {
    const auto value = std::to_integer<Value>(*data);
    if (value > 1) {
      throw_corrupt(row, "bool of value " + std::to_string(value));
    }
    return value;
  }
};

struct Uuid {
  struct Value {
    std::uint64_t low;
    std::uint64_t high;
  };

  static constexpr std::int32_t kSize = 16;
  static constexpr const char* kType = "uuid";

  static Value read(const std::byte* data, std::size_t /*row*/) {
    // DuckDB keeps a UUID as a signed number with the top bit flipped, so that both orders agree.
    constexpr std::uint64_t kTopBit = std::uint64_t{1} << 63;
    return {.low = load_big_endian<std::uint64_t>(data + 8), .high = load_big_endian<std::uint64_t>(data) ^ kTopBit};
  }
};

template <ByteOrder Order>
std::unique_ptr<ColumnDecoder> make(types::Wire wire) {
  using types::Wire;
  switch (wire) {
    case Wire::kBool:
      return make_fixed_size_decoder<Bool>();
    case Wire::kInt2:
      return make_fixed_size_decoder<Int2<Order>>();
    case Wire::kInt4:
      return make_fixed_size_decoder<Int4<Order>>();
    case Wire::kInt8:
      return make_fixed_size_decoder<Int8<Order>>();
    case Wire::kUint4:
      return make_fixed_size_decoder<Uint4<Order>>();
    case Wire::kUint8:
      return make_fixed_size_decoder<Uint8<Order>>();
    case Wire::kFloat4:
      return make_fixed_size_decoder<Float4<Order>>();
    case Wire::kFloat8:
      return make_fixed_size_decoder<Float8<Order>>();
    case Wire::kMoney:
      return make_fixed_size_decoder<Money<Order>>();
    case Wire::kUuid:
      return make_fixed_size_decoder<Uuid>();
    default:
      throw Error(ErrorKind::kBug, "not the wire layout of a scalar");
  }
}

}  // namespace

std::unique_ptr<ColumnDecoder> make_scalar_decoder(types::Wire wire, ByteOrder order) {
  if (order == ByteOrder::kNetwork) {
    return make<ByteOrder::kNetwork>(wire);
  }
  return make<ByteOrder::kNative>(wire);
}

}  // namespace pg2duck::decode
