#pragma once

#include <cstdint>
#include <optional>

#include "decode/wire/copy_stream.hpp"
#include "source/read/range_reader.hpp"

namespace pg2duck::source {

/// Reads ranges by binary COPY of a query.
class CopyReader : public RangeReader {
 public:
  explicit CopyReader(ReadRequest request) : request_(std::move(request)) {}

  void start(Connection& connection, const ReadRange& range) override;
  bool gather(decode::RowBatch& batch) override;
  [[nodiscard]] RowPlace place(std::size_t row) const override;

  [[nodiscard]] std::size_t batch_bytes() const override { return bytes_; }

  [[nodiscard]] std::uint64_t server_rows() const override { return server_rows_; }

 private:
  ReadRequest request_;
  Connection* connection_ = nullptr;
  std::optional<decode::CopyStream> stream_;  // of the range
  std::uint64_t rows_before_ = 0;             // the batch
  std::size_t rows_ = 0;                      // of the batch
  std::size_t bytes_ = 0;                     // of the batch
  std::uint64_t server_rows_ = 0;
};

}  // namespace pg2duck::source
