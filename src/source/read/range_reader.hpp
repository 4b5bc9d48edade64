#pragma once

#include <cstdint>

#include "decode/row_batch.hpp"
#include "source/read/ranges.hpp"
#include "source/session/connection.hpp"

namespace pg2duck::source {

/// Reads the rows of one range after another into batches.
///
/// @thread one caller at a time
class RangeReader {
 public:
  RangeReader() = default;
  RangeReader(const RangeReader&) = delete;
  RangeReader& operator=(const RangeReader&) = delete;
  virtual ~RangeReader() = default;

  /// Begins to read `range`.
  /// @shape `connection` is at the snapshot; it and `range` stay until the range has ended, or is given up
  virtual void start(Connection& connection, const ReadRange& range) = 0;

  /// Empties `batch`, and adds rows until it is full or heavy. The rows of the last batch are gone then, and what their
  /// fields point to.
  /// @return false when the range has ended; there may be rows in the batch
  /// @error Error of the server, or kCorruptData
  virtual bool gather(decode::RowBatch& batch) = 0;

  /// Where row `row` of the last batch stands.
  [[nodiscard]] virtual RowPlace place(std::size_t row) const = 0;

  /// Bytes of the last batch's rows.
  [[nodiscard]] virtual std::size_t batch_bytes() const = 0;

  /// Rows of the range as the server counts them. Once the range has ended.
  [[nodiscard]] virtual std::uint64_t server_rows() const = 0;
};

/// A batch of wide rows ends here, so that memory follows the size of a row and not 2,048 of them.
inline constexpr std::size_t kHeavyBatch = std::size_t{4} << 20;

}  // namespace pg2duck::source
