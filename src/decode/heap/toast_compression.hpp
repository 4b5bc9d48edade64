#pragma once

#include <cstddef>
#include <span>

#include "base/byte_cursor.hpp"

namespace pg2duck::decode {

/// How Postgres packs a large value. @source src/include/access/toast_compression.h
enum class ToastCompression : unsigned { kPglz = 0, kLz4 = 1 };

/// Whether `packed` bytes can hold `unpacked`: an allocation must not follow a corrupt length.
[[nodiscard]] bool plausible_unpacked_size(std::size_t packed, std::size_t unpacked);

/// Fills `unpacked`.
/// @error Error(kCorruptData) when `packed` does not unpack to exactly that size, or the method is unknown
void unpack_toast(ToastCompression method, Bytes packed, std::span<std::byte> unpacked);

}  // namespace pg2duck::decode
