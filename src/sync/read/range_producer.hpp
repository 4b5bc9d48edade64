#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "decode/row_batch.hpp"
#include "decode/tolerant_decoder.hpp"
#include "engine/chunk_source.hpp"
#include "source/read/range_reader.hpp"
#include "sync/read/shared_scan.hpp"

namespace pg2duck::sync {

/// Reads range after range of one table over one borrowed connection and decodes it into chunks.
///
/// @thread one of DuckDB's threads at a time
class RangeProducer : public engine::ChunkProducer {
 public:
  explicit RangeProducer(SharedScan& scan);
  RangeProducer(const RangeProducer&) = delete;
  RangeProducer& operator=(const RangeProducer&) = delete;
  ~RangeProducer() override;

  std::size_t fill(std::span<decode::ColumnView* const> columns) override;

 private:
  using Clock = std::chrono::steady_clock;

  /// Takes a connection and the next range when none is being read. @return false when all is read
  bool ensure_range();
  void gather();
  void decode_batch(std::span<decode::ColumnView* const> columns);
  void decode_column(std::size_t column, std::span<decode::ColumnView* const> columns);
  /// Writes the text of what column `column - 1` could not hold.
  void decode_side_text(std::size_t column, std::span<const std::size_t> refused, decode::ColumnView& out);
  void look_for_misfits();
  [[noreturn]] void refuse(const decode::BadValue& bad, std::size_t column);
  void give_up_connection();

  /// The decoders of the batch's format.
  [[nodiscard]] std::vector<decode::TolerantDecoder>& decoders();

  SharedScan& scan_;
  std::unique_ptr<source::RangeReader> reader_;
  std::vector<decode::TolerantDecoder> wire_decoders_;
  std::vector<decode::TolerantDecoder> heap_decoders_;  // none when no pages are read
  std::vector<ColumnFindings> findings_;
  std::vector<decode::Field> side_fields_;
  decode::RowBatch batch_;
  std::size_t batch_bytes_ = 0;  // received for it
  std::optional<ConnectionPool::Lease> connection_;
  const source::ReadRange* range_ = nullptr;        // being read
  const source::ReadRange* batch_range_ = nullptr;  // that the rows of the batch come from
  std::optional<Clock::time_point> returned_at_;
};

}  // namespace pg2duck::sync
