#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "decode/column_decoder.hpp"
#include "decode/column_view.hpp"
#include "decode/row_batch.hpp"

namespace pg2duck::decode {

/// Decodes a column whose unrepresentable values become NULL.
class TolerantDecoder {
 public:
  explicit TolerantDecoder(std::unique_ptr<ColumnDecoder> decoder) : decoder_(std::move(decoder)) {}

  /// As ColumnDecoder::decode.
  /// @return the rows, counted from `fields`, whose values could not be held; valid until the next call
  /// @error BadValue for bytes that break their format
  std::span<const std::size_t> decode(std::span<const Field> fields, ColumnView& out, std::size_t first_row);

  /// The decoder itself, for columns in which nothing is tolerated.
  [[nodiscard]] ColumnDecoder& strict() { return *decoder_; }

 private:
  void decode_one_by_one(std::span<const Field> fields, ColumnView& out, std::size_t first_row);

  std::unique_ptr<ColumnDecoder> decoder_;
  std::vector<std::size_t> refused_;
};

}  // namespace pg2duck::decode
