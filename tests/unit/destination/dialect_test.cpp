#include "destination/targets/dialect.hpp"

#include <memory>
#include <numeric>

#include <duckdb.h>

#include "base/handle.hpp"
#include "destination/load/batched_source.hpp"
#include "destination/targets/duck_type.hpp"
#include "destination/targets/duckdb_column_view.hpp"
#include "unit/destination/fixture.hpp"

namespace pg2duck::destination {
namespace {

using config::Profile;
using config::TargetKind;
using ::testing::HasSubstr;
using types::DuckType;
using types::DuckTypeId;

TEST(Dialect, TheProfileTightensTheLimitsOfEveryTarget) {
  const Limits motherduck = dialect_of(TargetKind::kMotherduck, Profile::kTarget).limits;
  EXPECT_EQ(motherduck.batch_rows, 1'000'000U);
  EXPECT_LT(motherduck.batch_seconds, std::chrono::seconds(60));
  for (const TargetKind kind : {TargetKind::kFile, TargetKind::kQuack, TargetKind::kDucklake}) {
    EXPECT_EQ(dialect_of(kind, Profile::kMotherduck).limits.batch_rows, motherduck.batch_rows);
    EXPECT_EQ(dialect_of(kind, Profile::kTarget).limits.batch_rows, 0U);
  }
}

TEST(Dialect, ALakeStoresOtherTypes) {
  DuckType mood = DuckType::of(DuckTypeId::kEnum);
  mood.names = {"sad", "ok"};
  const DuckType bits = DuckType::list(DuckType::of(DuckTypeId::kBit));
  const Dialect lake = dialect_of(TargetKind::kDucklake, Profile::kTarget);
  EXPECT_EQ(stored_type(lake, mood).sql(), "VARCHAR");
  EXPECT_EQ(stored_type(lake, bits).sql(), "VARCHAR[]");
  for (const DuckTypeId changed : {DuckTypeId::kHugeint, DuckTypeId::kTimeTz, DuckTypeId::kInterval}) {
    EXPECT_EQ(stored_type(lake, DuckType::of(changed)).sql(), "VARCHAR");
  }
  EXPECT_EQ(stored_type(lake, DuckType::array(DuckType::of(DuckTypeId::kFloat), 3)).sql(), "FLOAT[]");
  EXPECT_EQ(stored_type(dialect_of(TargetKind::kFile, Profile::kTarget), mood), mood);
}

TEST(Dialect, ErrorsSayWhetherToTryAgain) {
  const auto of = [](TargetKind kind, const char* text) {
    return translate_error(text, dialect_of(kind, Profile::kTarget).errors);
  };
  EXPECT_EQ(of(TargetKind::kQuack, "IO Error: Failed to send message: x").kind(), ErrorKind::kTransient);
  EXPECT_EQ(of(TargetKind::kQuack, "Invalid Input Error: Authentication failed").kind(), ErrorKind::kAuth);
  EXPECT_EQ(of(TargetKind::kMotherduck, "TransactionContext Error: write-write conflict").kind(),
            ErrorKind::kTransient);
  EXPECT_EQ(of(TargetKind::kMotherduck, "Invalid Input Error: Jwt is expired").kind(), ErrorKind::kAuth);
  EXPECT_THAT(of(TargetKind::kMotherduck, "Jwt is expired").hint(), HasSubstr("motherduck_token"));
  EXPECT_EQ(of(TargetKind::kMotherduck, "RESOURCE_EXHAUSTED: quota").kind(), ErrorKind::kDestination);
  // Of a file it is final.
  EXPECT_EQ(of(TargetKind::kFile, "TransactionContext Error: write-write conflict").kind(), ErrorKind::kDestination);
}

/// A vector of one type, without a table.
class OneVector {
 public:
  explicit OneVector(const DuckType& type) : view_(type) {
    const LogicalType logical = make_logical_type(type);
    duckdb_logical_type column = logical.get();
    chunk_ = Chunk(duckdb_create_data_chunk(&column, 1));
    view_.attach(duckdb_data_chunk_get_vector(chunk_.get(), 0));
  }

  DuckdbColumnView& view() { return view_; }

 private:
  using Chunk = AddressHandle<duckdb_data_chunk, duckdb_destroy_data_chunk>;
  Chunk chunk_;
  DuckdbColumnView view_;
};

std::string text_at(decode::ColumnView& view, std::size_t row) {
  duckdb_string_t& entry = view.values<duckdb_string_t>()[row];
  return {duckdb_string_t_data(&entry), duckdb_string_t_length(entry)};
}

TEST(DuckdbColumnView, OwnsStringsThatWereSomebodyElses) {
  std::string bytes = "more than twelve bytes that are not the vector's";
  OneVector plain(DuckType::of(DuckTypeId::kVarchar));
  OneVector nested(DuckType::list(DuckType::structure({"s"}, {DuckType::of(DuckTypeId::kVarchar)})));
  plain.view().values<decode::StringEntry>()[0] = decode::refer_to(bytes.data(), bytes.size());
  plain.view().set_null(1);
  nested.view().resize_child(2);
  nested.view().values<decode::ListEntry>()[0] = {.offset = 0, .length = 2};
  decode::ColumnView& child = nested.view().child(0);
  decode::ColumnView& field = child.child(0);
  field.values<decode::StringEntry>()[0] = decode::refer_to(bytes.data(), bytes.size());
  // A pointer to nowhere, as memory holds it that was never written.
  field.values<decode::StringEntry>()[1] = {.length = 1000, .inlined = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}};
  child.set_null(1);
  const std::string expected = bytes;
  plain.view().own_strings(2);
  nested.view().own_strings(1);
  std::ranges::fill(bytes, '?');
  EXPECT_EQ(text_at(plain.view(), 0), expected);
  EXPECT_EQ(text_at(field, 0), expected);
}

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
