#pragma once

#include <cstdint>

#include "base/byte_cursor.hpp"
#include "decode/row_batch.hpp"

namespace pg2duck::decode {

/// Parses the stream of one binary COPY, message by message.
///
///     stream  := header row* trailer
///     header  := "PGCOPY\n\xff\r\n\0" flags:int32 extension_length:int32 extension
///     row     := field_count:int16 (length:int32 bytes)*      length -1 is NULL
///     trailer := -1:int16
///
/// The server sends the header alone or before the first row, then one row a message.
/// @source PostgreSQL 15 manual, COPY, "Binary Format"
class CopyStream {
 public:
  explicit CopyStream(std::size_t columns) : columns_(columns) {}

  /// Reads one CopyData message: adds its row to `batch`, if it holds one. The fields point into `message`.
  /// @pre `batch` is not full and has as many columns as the stream
  /// @return whether a row was added
  /// @error Error(kCorruptData) when the bytes break the grammar
  bool read_message(Bytes message, RowBatch& batch);

  /// Call when the server has ended the COPY.
  /// @error Error(kCorruptData) when the trailer has not been seen
  void finish() const;

  [[nodiscard]] std::uint64_t rows() const { return rows_; }

 private:
  void read_header(ByteCursor& cursor);
  void read_row(ByteCursor& cursor, std::int16_t field_count, RowBatch& batch);

  std::size_t columns_;
  std::uint64_t rows_ = 0;
  bool header_seen_ = false;
  bool trailer_seen_ = false;
};

}  // namespace pg2duck::decode
