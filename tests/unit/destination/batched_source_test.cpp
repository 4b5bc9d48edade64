#include "destination/load/batched_source.hpp"

#include <chrono>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

namespace pg2duck::destination {
namespace {

/// Producers that make `chunks` chunks of 10 rows without writing anything.
class Counted final : public ChunkSource {
 public:
  Counted(int producers, int chunks) : producers_(producers), chunks_(chunks) {}

  std::unique_ptr<ChunkProducer> make_producer() override {
    return producers_-- > 0 ? std::make_unique<Producer>(chunks_) : nullptr;
  }

  [[nodiscard]] unsigned max_producers() const override { return 2; }

  [[nodiscard]] std::uint64_t expected_rows() const override { return 100; }

 private:
  class Producer final : public ChunkProducer {
   public:
    explicit Producer(int chunks) : chunks_(chunks) {}

    std::size_t fill(std::span<decode::ColumnView* const> /*columns*/) override { return chunks_-- > 0 ? 10 : 0; }

   private:
    int chunks_;
  };

  int producers_;
  int chunks_;
};

/// What one statement would read on one thread: producer after producer.
std::size_t rows_of_batch(BatchedSource& batches) {
  std::size_t rows = 0;
  while (const auto producer = batches.make_producer()) {
    std::size_t last = 0;
    do {
      last = producer->fill({});
      rows += last;
    } while (last > 0);
    if (rows >= 25) {
      break;  // The batch is full: another producer would give nothing either.
    }
  }
  return rows;
}

TEST(BatchedSource, SplitsRowsAndLosesNone) {
  Counted source(3, 5);
  BatchedSource batches(source, 25, std::chrono::seconds(0));
  std::vector<std::size_t> sizes;
  while (batches.next_batch()) {
    sizes.push_back(rows_of_batch(batches));
    ASSERT_LT(sizes.size(), 20U);
  }
  EXPECT_EQ(std::accumulate(sizes.begin(), sizes.end(), 0U), 150U);
  EXPECT_EQ(sizes.front(), 30U);
  EXPECT_GE(sizes.size(), 5U);
}

TEST(BatchedSource, WithoutLimitsThereIsOneBatchEvenOfNothing) {
  Counted source(2, 5);
  BatchedSource all(source, 0, std::chrono::seconds(0));
  EXPECT_TRUE(all.next_batch());
  EXPECT_EQ(rows_of_batch(all) + rows_of_batch(all), 100U);
  EXPECT_FALSE(all.next_batch());
  Counted nothing(0, 0);
  BatchedSource empty(nothing, 25, std::chrono::seconds(1));
  EXPECT_TRUE(empty.next_batch());
  EXPECT_EQ(empty.make_producer(), nullptr);
  EXPECT_FALSE(empty.next_batch());
}

}  // namespace
}  // namespace pg2duck::destination
