#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace pg2duck::decode {

/// A value that cannot be decoded, by the position of its field in the batch. Thrown by decoders,
/// turned into an Error with table, column and ctid by whoever knows them.
struct BadValue {
  std::size_t row;       ///< index in the span that was given to `ColumnDecoder::decode`
  bool unrepresentable;  ///< the value is sound but the target type cannot hold it; else the bytes are corrupt
  std::string message;   ///< "NaN cannot be held by DECIMAL(15,2)"
};

/// @error BadValue: the bytes of `row` break their format
[[noreturn]] void throw_corrupt(std::size_t row, std::string message);

/// @error BadValue: the value of `row` is sound, the target cannot hold it
[[noreturn]] void throw_unrepresentable(std::size_t row, std::string message);

/// @error BadValue: "int4 of 3 bytes"
[[noreturn]] void throw_wrong_size(std::size_t row, const char* type, std::int32_t size);

}  // namespace pg2duck::decode
