#pragma once

#include <cstddef>
#include <span>

#include "base/byte_cursor.hpp"

namespace pg2duck::decode {

/// How Postgres compresses a large value. @source src/include/access/toast_compression.h
enum class ToastCompression : unsigned { kPglz = 0, kLz4 = 1 };

/// Whether `compressed` bytes can hold `decompressed` ones: an allocation must not follow a corrupt length.
[[nodiscard]] bool plausible_decompressed_size(std::size_t compressed, std::size_t decompressed);

/// Fills `out`.
/// @error Error(kCorruptData) when `compressed` does not become exactly that many bytes, or the method is unknown
void decompress_toast(ToastCompression method, Bytes compressed, std::span<std::byte> out);

}  // namespace pg2duck::decode
