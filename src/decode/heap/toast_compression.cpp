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
bool unpack_pglz(Bytes packed, std::span<std::byte> unpacked) {
  constexpr std::size_t kShortestMatch = 3;
  constexpr std::size_t kLongMatch = 18;
  std::size_t from = 0;
  std::size_t to = 0;
  while (from < packed.size() && to < unpacked.size()) {
    auto control = std::to_integer<unsigned>(packed[from++]);
    for (int item = 0; item < 8 && from < packed.size() && to < unpacked.size(); ++item, control >>= 1) {
      if ((control & 1) == 0) {
        unpacked[to++] = packed[from++];
        continue;
      }
      if (packed.size() - from < 2) {
        return false;
      }
      const auto first = std::to_integer<std::size_t>(packed[from]);
      const std::size_t distance = (first & 0xf0) << 4 | std::to_integer<std::size_t>(packed[from + 1]);
      std::size_t length = (first & 0x0f) + kShortestMatch;
      from += 2;
      if (length == kLongMatch) {
        if (from == packed.size()) {
          return false;
        }
        length += std::to_integer<std::size_t>(packed[from++]);
      }
      if (distance == 0 || distance > to) {
        return false;
      }
      length = std::min(length, unpacked.size() - to);
      repeat(unpacked.data() + to, distance, length);
      to += length;
    }
  }
  return from == packed.size() && to == unpacked.size();
}

bool unpack_lz4(Bytes packed, std::span<std::byte> unpacked) {
  const int size =
      LZ4_decompress_safe(reinterpret_cast<const char*>(packed.data()), reinterpret_cast<char*>(unpacked.data()),
                          static_cast<int>(packed.size()), static_cast<int>(unpacked.size()));
  return size >= 0 && static_cast<std::size_t>(size) == unpacked.size();
}

}  // namespace

bool plausible_unpacked_size(std::size_t packed, std::size_t unpacked) {
  return unpacked <= kGreatestRatio * packed + kSlack;
}

void unpack_toast(ToastCompression method, Bytes packed, std::span<std::byte> unpacked) {
  bool done = false;
  if (method == ToastCompression::kPglz) {
    done = unpack_pglz(packed, unpacked);
  } else if (method == ToastCompression::kLz4) {
    done = unpack_lz4(packed, unpacked);
  }
  if (!done) {
    throw Error(ErrorKind::kCorruptData, "a packed value cannot be unpacked");
  }
}

}  // namespace pg2duck::decode
