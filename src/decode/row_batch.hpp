#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/byte_cursor.hpp"

namespace pg2duck::decode {

/// The bytes of one value, in the format of its batch.
struct Field {
  const std::byte* data = nullptr;
  std::int32_t length = -1;  ///< -1: NULL

  [[nodiscard]] bool is_null() const { return length < 0; }

  [[nodiscard]] Bytes bytes() const { return {data, static_cast<std::size_t>(length)}; }
};

/// A length of 32 bits and so many bytes, as nested values hold each other in wire format.
/// @return without bytes for a length below 0: -1 is NULL, the others break every format
/// @error Error(kCorruptData) when the length leaves the bytes of `cursor`
inline Field read_field(ByteCursor& cursor) {
  const auto length = cursor.read<std::int32_t>();
  return length < 0 ? Field{nullptr, length} : Field{cursor.take(static_cast<std::size_t>(length)).data(), length};
}

/// How the bytes of a batch's fields are to be read.
enum class ValueFormat {
  kWire,  ///< as the types' send functions give them
  kHeap,  ///< as a heap tuple holds them, behind their headers and not compressed
};

/// The fields of some rows, column by column, so that each column is decoded in one tight loop.
/// The bytes belong to somebody else and must live until the batch has been decoded.
class RowBatch {
 public:
  /// At least one row always fits.
  RowBatch(std::size_t columns, std::size_t max_rows);

  [[nodiscard]] std::size_t columns() const { return columns_; }

  [[nodiscard]] std::size_t rows() const { return rows_; }

  [[nodiscard]] bool full() const { return rows_ == capacity_; }

  [[nodiscard]] std::size_t capacity() const { return capacity_; }

  [[nodiscard]] std::span<const Field> column(std::size_t index) const {
    return {fields_.data() + index * capacity_, rows_};
  }

  /// Where field `column` of the row that is being added goes.
  Field& next(std::size_t column) { return fields_[column * capacity_ + rows_]; }

  void finish_row() { ++rows_; }

  [[nodiscard]] ValueFormat format() const { return format_; }

  /// Empties the batch; all fields of its next rows are in `format`.
  void clear(ValueFormat format = ValueFormat::kWire) {
    rows_ = 0;
    format_ = format;
  }

 private:
  std::size_t columns_;
  std::size_t capacity_;
  std::size_t rows_ = 0;
  ValueFormat format_ = ValueFormat::kWire;
  std::vector<Field> fields_;
};

}  // namespace pg2duck::decode
