#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "decode/column_view.hpp"

namespace pg2duck::engine {

/// DuckDB's rows per chunk.
inline constexpr std::size_t kChunkRows = 2048;

/// One thread's share of a load: fills chunk after chunk.
///
/// @thread DuckDB calls each producer from one thread at a time
class ChunkProducer {
 public:
  ChunkProducer() = default;
  ChunkProducer(const ChunkProducer&) = delete;
  ChunkProducer& operator=(const ChunkProducer&) = delete;
  virtual ~ChunkProducer() = default;

  /// Writes up to kChunkRows rows from row 0 on. What they point to must live until the next call: DuckDB has taken the
  /// rows then, or they were copied for it.
  /// @return the number of rows; 0 when this producer has no more
  /// @error anything: the load stops and rethrows it
  virtual std::size_t fill(std::span<decode::ColumnView* const> columns) = 0;
};

/// Where a load's rows come from.
///
/// @thread `make_producer` is called by several of DuckDB's threads at once
class ChunkSource {
 public:
  ChunkSource() = default;
  ChunkSource(const ChunkSource&) = delete;
  ChunkSource& operator=(const ChunkSource&) = delete;
  virtual ~ChunkSource() = default;

  /// The next producer, or null when one more thread would find nothing to do.
  virtual std::unique_ptr<ChunkProducer> make_producer() = 0;
  /// How many producers can be of use at the same time.
  [[nodiscard]] virtual unsigned max_producers() const = 0;
  /// Rows expected, for DuckDB's planner; a guess.
  [[nodiscard]] virtual std::uint64_t expected_rows() const = 0;
};

}  // namespace pg2duck::engine
