#include "decode/heap/toast_compression.hpp"

#include <algorithm>
#include <cstdint>

#include <lz4.h>

#include "base/error.hpp"

namespace pg2duck::decode {
namespace {

// Eight matches of three bytes for each control byte of pglz; LZ4 makes at most 255 bytes of one.
constexpr std::size_t kGreatestRatio = 256;
constexpr std::size_t kSlack = 64;

/// Copies `length` bytes from `distance` back; they may overlap with what is being written.
void repeat(std::byte* to, std::size_t distance, std::size_t length) {
  for (std::size_t i = 0; i < length; ++i) {
    to[i] = to[static_cast<std::ptrdiff_t>(i) - static_cast<std::ptrdiff_t>(distance)];
  }
}

/// A control byte before eight items; a set bit: a match of two or three bytes, else a byte as it is.
/// @source src/common/pg_lzcompress.c, "The decompression algorithm and internal data format"
bool decompress_pglz(Bytes in, std::span<std::byte> out) {
  constexpr std::size_t kShortestMatch = 3;
  constexpr std::size_t kLongMatch = 18;
  std::size_t from = 0;
  std::size_t to = 0;
  while (from < in.size() && to < out.size()) {
    auto control = std::to_integer<unsigned>(in[from++]);
    for (int item = 0; item < 8 && from < in.size() && to < out.size(); ++item, control >>= 1) {
      if ((control & 1) == 0) {
        out[to++] = in[from++];
        continue;
      }
      if (in.size() - from < 2) {
        return false;
      }
      const auto first = std::to_integer<std::size_t>(in[from]);
      const std::size_t distance = (first & 0xf0) << 4 | std::to_integer<std::size_t>(in[from + 1]);
      std::size_t length = (first & 0x0f) + kShortestMatch;
      from += 2;
      if (length == kLongMatch) {
        if (from == in.size()) {
          return false;
        }
        length += std::to_integer<std::size_t>(in[from++]);
      }
      if (distance == 0 || distance > to) {
        return false;
      }
      length = std::min(length, out.size() - to);
      repeat(out.data() + to, distance, length);
      to += length;
    }
  }
  return from == in.size() && to == out.size();
}

bool decompress_lz4(Bytes in, std::span<std::byte> out) {
  const int size = LZ4_decompress_safe(reinterpret_cast<const char*>(in.data()), reinterpret_cast<char*>(out.data()),
                                       static_cast<int>(in.size()), static_cast<int>(out.size()));
  return size >= 0 && static_cast<std::size_t>(size) == out.size();
}

}  // namespace

bool plausible_decompressed_size(std::size_t compressed, std::size_t decompressed) {
  return decompressed <= kGreatestRatio * compressed + kSlack;
}

void decompress_toast(ToastCompression method, Bytes compressed, std::span<std::byte> out) {
  bool done = false;
  if (method == ToastCompression::kPglz) {
    done = decompress_pglz(compressed, out);
  } else if (method == ToastCompression::kLz4) {
    done = decompress_lz4(compressed, out);
  }
  if (!done) {
    throw Error(ErrorKind::kCorruptData, "a compressed value cannot be decompressed");
  }
}

}  // namespace pg2duck::decode
