#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "engine/chunk_source.hpp"

namespace pg2duck::destination {

using engine::ChunkProducer;
using engine::ChunkSource;

/// A source whose rows are handed out in batches, each to one statement. Producers that have more to give wait for the
/// next batch.
///
/// @thread as ChunkSource; `next_batch` between statements
class BatchedSource : public ChunkSource {
 public:
  /// A batch ends when it has `rows` rows (0: any number), give or take a chunk a thread, or after `seconds` (0: ever).
  BatchedSource(ChunkSource& source, std::uint64_t rows, std::chrono::seconds seconds);

  /// Begins the next batch. @return false when there are no more rows; the first batch always begins
  bool next_batch();

  std::unique_ptr<ChunkProducer> make_producer() override;
  [[nodiscard]] unsigned max_producers() const override;
  [[nodiscard]] std::uint64_t expected_rows() const override;

 private:
  class Part;

  [[nodiscard]] bool is_full() const;

  ChunkSource& source_;
  std::uint64_t rows_;
  std::chrono::seconds seconds_;
  bool begun_ = false;
  std::atomic<std::uint64_t> taken_{0};
  std::chrono::steady_clock::time_point end_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<ChunkProducer>> waiting_;  // guarded by mutex_
};

}  // namespace pg2duck::destination
