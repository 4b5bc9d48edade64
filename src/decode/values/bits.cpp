#include "decode/values/bits.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/byte_cursor.hpp"
#include "decode/bad_value.hpp"
#include "decode/values/string_decoder.hpp"

namespace pg2duck::decode {
namespace {

constexpr std::size_t kCountSize = sizeof(std::int32_t);

/// Postgres fills the last byte with zeros, DuckDB the first one with ones: all bits move to the right.
/// @source src/backend/utils/adt/varbit.c, varbit_send; duckdb.h, duckdb_bit
class Bits {
 public:
  std::string_view render(const Field& field, std::size_t row) {
    const unsigned padding = check(field, row);
    const std::size_t size = field.bytes().size() - kCountSize;
    const std::byte* from = field.data + kCountSize;
    value_.resize(1 + size);
    char* to = value_.data();
    *to++ = static_cast<char>(padding);
    unsigned before = 0xff;
    for (std::size_t i = 0; i < size; ++i) {
      const auto bits = std::to_integer<unsigned>(from[i]);
      to[i] = static_cast<char>((before << (8 - padding) | bits >> padding) & 0xff);
      before = bits;
    }
    return value_;
  }

 private:
  /// @return how many bits of the last byte are not used
  static unsigned check(const Field& field, std::size_t row) {
    const std::size_t size = field.bytes().size();
    if (size < kCountSize) {
      throw_wrong_size(row, "bit string", field.length);
    }
    const auto count = load_big_endian<std::int32_t>(field.data);
    const std::size_t bytes = size - kCountSize;
    if (count < 0 || (static_cast<std::size_t>(count) + 7) / 8 != bytes) {
      throw_corrupt(row, "bit string of " + std::to_string(count) + " bits in " + std::to_string(bytes) + " bytes");
    }
    if (count == 0) {
      throw_unrepresentable(row, "empty bit string, BIT has at least one bit");
    }
    const auto padding = static_cast<unsigned>(8 * bytes - static_cast<std::size_t>(count));
    if ((std::to_integer<unsigned>(field.data[size - 1]) & ((1U << padding) - 1)) != 0) {
      throw_corrupt(row, "bit string with bits after its end");
    }
    return padding;
  }

  std::string value_;
};

}  // namespace

std::unique_ptr<ColumnDecoder> make_bits_decoder() {
  return make_string_decoder<Bits>();
}

}  // namespace pg2duck::decode
