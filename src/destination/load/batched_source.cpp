#include "destination/load/batched_source.hpp"

#include <algorithm>
#include <utility>

namespace pg2duck::destination {

/// One producer's part of one batch.
class BatchedSource::Part : public ChunkProducer {
 public:
  Part(BatchedSource& batches, std::unique_ptr<ChunkProducer> producer)
      : batches_(batches), producer_(std::move(producer)) {}

  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;

  ~Part() override {
    if (producer_) {
      const std::lock_guard lock(batches_.mutex_);
      batches_.waiting_.push_back(std::move(producer_));
    }
  }

  std::size_t fill(std::span<decode::ColumnView* const> columns) override {
    if (!producer_ || batches_.is_full()) {
      return 0;
    }
    const std::size_t rows = producer_->fill(columns);
    batches_.taken_ += rows;
    if (rows == 0) {
      producer_.reset();
    }
    return rows;
  }

 private:
  BatchedSource& batches_;
  std::unique_ptr<ChunkProducer> producer_;
};

BatchedSource::BatchedSource(ChunkSource& source, std::uint64_t rows, std::chrono::seconds seconds)
    : source_(source), rows_(rows), seconds_(seconds) {}

bool BatchedSource::is_full() const {
  return (rows_ > 0 && taken_ >= rows_) ||
         (seconds_.count() > 0 && taken_ > 0 && std::chrono::steady_clock::now() >= end_);
}

bool BatchedSource::next_batch() {
  if (begun_ && waiting_.empty()) {
    std::unique_ptr<ChunkProducer> producer = source_.make_producer();
    if (!producer) {
      return false;
    }
    waiting_.push_back(std::move(producer));
  }
  begun_ = true;
  taken_ = 0;
  end_ = std::chrono::steady_clock::now() + seconds_;
  return true;
}

std::unique_ptr<ChunkProducer> BatchedSource::make_producer() {
  std::unique_ptr<ChunkProducer> producer;
  {
    const std::lock_guard lock(mutex_);
    if (!waiting_.empty()) {
      producer = std::move(waiting_.back());
      waiting_.pop_back();
    }
  }
  if (!producer) {
    producer = source_.make_producer();
  }
  return producer ? std::make_unique<Part>(*this, std::move(producer)) : nullptr;
}

unsigned BatchedSource::max_producers() const {
  return source_.max_producers();
}

std::uint64_t BatchedSource::expected_rows() const {
  return rows_ > 0 ? std::min(rows_, source_.expected_rows()) : source_.expected_rows();
}

}  // namespace pg2duck::destination
