#include <filesystem>
#include <utility>

#include "destination/load/stage.hpp"
#include "unit/destination/fixture.hpp"

namespace pg2duck::destination {
namespace {

constexpr std::int64_t kRows = 400'000;

/// Numbers that do not compress.
class Scrambled : public ChunkProducer {
 public:
  std::size_t fill(std::span<decode::ColumnView* const> columns) override {
    const auto count = static_cast<std::size_t>(std::min<std::int64_t>(kChunkRows, kRows - next_));
    for (std::size_t i = 0; i < count; ++i) {
      columns[0]->values<std::uint64_t>()[i] = static_cast<std::uint64_t>(++next_) * 0x9E3779B97F4A7C15U;
    }
    return count;
  }

 private:
  std::int64_t next_ = 0;
};

class ScrambledSource : public ChunkSource {
 public:
  std::unique_ptr<ChunkProducer> make_producer() override {
    return std::exchange(made_, true) ? nullptr : std::make_unique<Scrambled>();
  }

  [[nodiscard]] unsigned max_producers() const override { return 1; }

  [[nodiscard]] std::uint64_t expected_rows() const override { return kRows; }

 private:
  bool made_ = false;
};

TEST(ParquetFiles, AreOfBoundedSize) {
  constexpr std::uint64_t kBound = 500'000;
  const TempDirectory directory;
  Database database = Database::open({.path = directory.file("shop"),
                                      .kind = config::TargetKind::kParquet,
                                      .file_bytes = kBound,
                                      .threads = 1,
                                      .memory_limit_bytes = 1'000'000'000});
  Session session = database.connect();
  TableShape shape{.name = {"main", "numbers"}, .columns = {}, .primary_key = {}, .comment = {}, .partition_by = {}};
  shape.columns.push_back({.name = "n", .type = types::DuckType::of(types::DuckTypeId::kUbigint)});
  ScrambledSource source;
  EXPECT_EQ(stage(session, shape, {"main", "_pg2duck_staged_1"}, source), kRows);
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory.path() / "shop" / "main" / "numbers")) {
    ++files;
    bytes += entry.file_size();
    // The row group that passes the bound is written to its end.
    EXPECT_LE(entry.file_size(), 3 * kBound);
  }
  EXPECT_GT(bytes, kRows * sizeof(std::uint64_t) / 2);
  EXPECT_GE(files, bytes / (3 * kBound));
  EXPECT_GT(files, 1U);
}

}  // namespace
}  // namespace pg2duck::destination
