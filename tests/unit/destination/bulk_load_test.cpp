#include "destination/load/bulk_load.hpp"

#include <atomic>
#include <chrono>
#include <cstring>
#include <functional>
#include <mutex>
#include <set>
#include <thread>

#include "unit/destination/fixture.hpp"

namespace pg2duck::destination {
namespace {

using decode::ColumnView;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using types::DuckType;
using types::DuckTypeId;

DuckType plain(DuckTypeId id) {
  DuckType type;
  type.id = id;
  return type;
}

/// Writes one row of all columns.
using WriteRow = std::function<void(std::span<ColumnView* const>, std::size_t row, std::uint64_t number)>;

/// Rows 0 to `rows` - 1, handed out chunk by chunk to at most `threads` producers.
class NumberSource final : public ChunkSource {
 public:
  NumberSource(std::uint64_t rows, unsigned threads, WriteRow write)
      : rows_(rows), threads_(threads), write_(std::move(write)) {}

  std::unique_ptr<ChunkProducer> make_producer() override {
    if (made_.fetch_add(1) >= threads_) {
      return nullptr;
    }
    return std::make_unique<Producer>(*this);
  }

  [[nodiscard]] unsigned max_producers() const override { return threads_; }

  [[nodiscard]] std::uint64_t expected_rows() const override { return rows_; }

  [[nodiscard]] int alive() const { return alive_; }

  [[nodiscard]] std::size_t threads_seen() const { return thread_ids_.size(); }

  std::chrono::milliseconds pause{0};

 private:
  class Producer final : public ChunkProducer {
   public:
    explicit Producer(NumberSource& source) : source_(source) { ++source_.alive_; }

    Producer(const Producer&) = delete;
    Producer& operator=(const Producer&) = delete;

    ~Producer() override { --source_.alive_; }

    std::size_t fill(std::span<ColumnView* const> columns) override {
      std::this_thread::sleep_for(source_.pause);
      const std::uint64_t first = source_.next_.fetch_add(kChunkRows);
      if (first >= source_.rows_) {
        return 0;
      }
      {
        const std::lock_guard lock(source_.mutex_);
        source_.thread_ids_.insert(std::this_thread::get_id());
      }
      const std::size_t count = std::min<std::uint64_t>(kChunkRows, source_.rows_ - first);
      for (std::size_t row = 0; row < count; ++row) {
        source_.write_(columns, row, first + row);
      }
      return count;
    }

   private:
    NumberSource& source_;
  };

  std::uint64_t rows_;
  unsigned threads_;
  WriteRow write_;
  std::atomic<std::uint64_t> next_ = 0;
  std::atomic<unsigned> made_ = 0;
  std::atomic<int> alive_ = 0;
  std::mutex mutex_;
  std::set<std::thread::id> thread_ids_;
};

void put_text(ColumnView& column, std::size_t row, const std::string& text) {
  if (text.size() > decode::kInlineStringLength) {
    column.assign_string(row, text.data(), text.size());
    return;
  }
  decode::StringEntry entry{};
  entry.length = static_cast<std::uint32_t>(text.size());
  std::memcpy(entry.inlined, text.data(), text.size());
  column.values<decode::StringEntry>()[row] = entry;
}

/// Opens a list of `length` elements in `row`. @return the child's first row
std::size_t put_list(ColumnView& column, std::size_t row, std::size_t length) {
  const std::size_t first = column.child_size();
  column.resize_child(first + length);
  column.values<decode::ListEntry>()[row] = {first, length};
  return first;
}

class BulkLoadTest : public TargetTest {
 protected:
  static TableShape shape_of(std::vector<DuckType> columns) {
    TableShape shape;
    shape.name = {"main", "numbers"};
    for (DuckType& type : columns) {
      shape.columns.push_back({"c" + std::to_string(shape.columns.size()), std::move(type), false, ""});
    }
    return shape;
  }

  std::uint64_t load(const TableShape& shape, ChunkSource& source) {
    session_->execute(create_table_sql(*session_, shape, shape.name));
    return bulk_load(*session_, shape, shape.name, source);
  }

  std::int64_t count() { return session_->query_int("SELECT count(*) FROM pg2duck_target.main.numbers"); }

  const TableShape bigint_shape_ = shape_of({plain(DuckTypeId::kBigint)});
};

void write_bigint(std::span<ColumnView* const> columns, std::size_t row, std::uint64_t number) {
  columns[0]->values<std::uint64_t>()[row] = number;
}

TEST_F(BulkLoadTest, AMillionRowsOfManyTypesOnTwoThreads) {
  const TableShape shape = shape_of({plain(DuckTypeId::kBigint), plain(DuckTypeId::kVarchar), DuckType::decimal(15, 2),
                                     DuckType::decimal(38, 4), DuckType::list(plain(DuckTypeId::kInteger))});
  constexpr std::uint64_t kRows = 1'000'000;
  NumberSource source(kRows, 2, [](std::span<ColumnView* const> columns, std::size_t row, std::uint64_t number) {
    write_bigint(columns, row, number);
    if (number % 10 == 0) {
      columns[1]->set_null(row);
    } else {
      put_text(*columns[1], row, number % 2 == 0 ? "short" : "a text too long to be inlined " + std::to_string(number));
    }
    columns[2]->values<std::int64_t>()[row] = static_cast<std::int64_t>(number) - 500'000;
    columns[3]->values<decode::Int128>()[row] = decode::Int128{static_cast<std::int64_t>(number)} * 1'000'000'000'000;
    const std::size_t first = put_list(*columns[4], row, number % 4);
    for (std::size_t i = 0; i < number % 4; ++i) {
      if (i == 2) {
        columns[4]->child(0).set_null(first + i);
      } else {
        columns[4]->child(0).values<std::int32_t>()[first + i] = static_cast<std::int32_t>(number);
      }
    }
  });
  EXPECT_EQ(load(shape, source), kRows);
  EXPECT_EQ(source.alive(), 0);
  EXPECT_EQ(source.threads_seen(), 2U);
  EXPECT_EQ(count(), 1'000'000);
  EXPECT_EQ(value("SELECT count(*) FROM pg2duck_target.main.numbers WHERE NOT (c2 = (c0 - 500000) / 100::DECIMAL(5,0)"
                  " AND c3 = c0::HUGEINT * 100000000 AND len(c4) = c0 % 4)"),
            "0");
  EXPECT_EQ(
      value("SELECT count(*) FROM pg2duck_target.main.numbers WHERE c1 IS DISTINCT FROM CASE WHEN c0 % 10 = 0 THEN"
            " NULL WHEN c0 % 2 = 0 THEN 'short' ELSE 'a text too long to be inlined ' || c0 END"),
      "0");
  EXPECT_EQ(value("SELECT count(*) FROM pg2duck_target.main.numbers WHERE c4 IS DISTINCT FROM"
                  " [c0, c0, NULL][1:c0 % 4]::INTEGER[]"),
            "0");
  EXPECT_EQ(value("SELECT count(DISTINCT c0) FROM pg2duck_target.main.numbers"), "1000000");
}

TEST_F(BulkLoadTest, NestedTypesReachTheirColumns) {
  DuckType pair = plain(DuckTypeId::kStruct);
  pair.children = {plain(DuckTypeId::kInteger), DuckType::list(plain(DuckTypeId::kJson))};
  pair.names = {"a \"q\"", "b"};
  DuckType map = plain(DuckTypeId::kMap);
  map.children = {plain(DuckTypeId::kVarchar), plain(DuckTypeId::kInteger)};
  DuckType mood = plain(DuckTypeId::kEnum);
  mood.names = {"sad", "it's ok"};
  const TableShape shape = shape_of(
      {pair, map, mood, DuckType::list(DuckType::list(plain(DuckTypeId::kVarchar))), plain(DuckTypeId::kJson)});
  NumberSource source(5000, 1, [](std::span<ColumnView* const> columns, std::size_t row, std::uint64_t number) {
    columns[0]->child(0).values<std::int32_t>()[row] = static_cast<std::int32_t>(number);
    put_text(columns[0]->child(1).child(0), put_list(columns[0]->child(1), row, 1), "{\"key\": \"a longer value\"}");
    const std::size_t entry = put_list(*columns[1], row, 1);
    put_text(columns[1]->child(0).child(0), entry, "k");
    columns[1]->child(0).child(1).values<std::int32_t>()[entry] = 7;
    columns[2]->values<std::uint8_t>()[row] = number % 2 == 0 ? 0 : 1;
    const std::size_t outer = put_list(*columns[3], row, 2);
    for (std::size_t i = 0; i < 2; ++i) {
      ColumnView& inner = columns[3]->child(0);
      const std::size_t first = put_list(inner, outer + i, 3);
      for (std::size_t j = 0; j < 3; ++j) {
        put_text(inner.child(0), first + j, std::string(i * 20, 'x') + std::to_string(j));
      }
    }
    put_text(*columns[4], row, "[1, 2]");
  });
  EXPECT_EQ(load(shape, source), 5000U);
  const Rows types = session_->query("SELECT column_type FROM (DESCRIBE pg2duck_target.main.numbers)");
  EXPECT_EQ(types.rows.at(0).at(0), "STRUCT(\"a \"\"q\"\"\" INTEGER, b JSON[])");
  EXPECT_EQ(types.rows.at(4).at(0), "JSON");
  const Rows distinct = session_->query(
      "SELECT DISTINCT c0.b::VARCHAR, c1::VARCHAR, c3[2]::VARCHAR, c4::VARCHAR FROM pg2duck_target.main.numbers");
  ASSERT_EQ(distinct.rows.size(), 1U);
  EXPECT_THAT(distinct.rows[0],
              ElementsAre("[{\"key\": \"a longer value\"}]", "{k=7}",
                          "[xxxxxxxxxxxxxxxxxxxx0, xxxxxxxxxxxxxxxxxxxx1, xxxxxxxxxxxxxxxxxxxx2]", "[1, 2]"));
  EXPECT_EQ(session_->query_int("SELECT sum(c0.\"a \"\"q\"\"\") FROM pg2duck_target.main.numbers"), 4999 * 2500);
  EXPECT_EQ(session_->query_int("SELECT count(*) FROM pg2duck_target.main.numbers WHERE c2 = 'it''s ok'"), 2500);
}

TEST_F(BulkLoadTest, JsonIsStoredAsItIs) {
  // A cast to JSON on the way would refuse this text, and cost time for every other.
  const TableShape shape = shape_of({plain(DuckTypeId::kJson), DuckType::list(plain(DuckTypeId::kJson))});
  NumberSource source(10, 1, [](std::span<ColumnView* const> columns, std::size_t row, std::uint64_t /*number*/) {
    put_text(*columns[0], row, "not json");
    put_text(columns[1]->child(0), put_list(*columns[1], row, 1), "nor this one, which is long");
  });
  EXPECT_EQ(load(shape, source), 10U);
  EXPECT_EQ(value("SELECT DISTINCT c0::VARCHAR FROM pg2duck_target.main.numbers"), "not json");
}

TEST_F(BulkLoadTest, EveryTypeHasItsColumn) {
  std::vector<DuckType> all;
  for (int id = static_cast<int>(DuckTypeId::kBoolean); id <= static_cast<int>(DuckTypeId::kBit); ++id) {
    all.push_back(id == static_cast<int>(DuckTypeId::kDecimal) ? DuckType::decimal(9, 3)
                                                               : plain(static_cast<DuckTypeId>(id)));
    all.push_back(DuckType::list(all.back()));
  }
  const TableShape shape = shape_of(all);
  NumberSource source(3000, 1, [](std::span<ColumnView* const> columns, std::size_t row, std::uint64_t /*number*/) {
    for (ColumnView* column : columns) {
      column->set_null(row);
    }
  });
  EXPECT_EQ(load(shape, source), 3000U);
  const Rows described = session_->query("SELECT column_type FROM (DESCRIBE pg2duck_target.main.numbers)");
  ASSERT_EQ(described.rows.size(), all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(described.rows[i][0], all[i].sql());
  }
}

TEST_F(BulkLoadTest, NothingToReadIsNoRows) {
  NumberSource none(1000, 0, write_bigint);
  EXPECT_EQ(load(bigint_shape_, none), 0U);
  NumberSource empty(0, 2, write_bigint);
  EXPECT_EQ(bulk_load(*session_, bigint_shape_, bigint_shape_.name, empty), 0U);
  EXPECT_EQ(count(), 0);
}

TEST_F(BulkLoadTest, AProducersExceptionComesOutUnchanged) {
  struct Unusual {
    std::uint64_t number;
  };

  NumberSource source(1'000'000, 2, [](std::span<ColumnView* const> columns, std::size_t row, std::uint64_t number) {
    if (number == 400'000) {
      throw Unusual{number};
    }
    write_bigint(columns, row, number);
  });
  try {
    load(bigint_shape_, source);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Unusual& unusual) {
    EXPECT_EQ(unusual.number, 400'000U);
  }
  EXPECT_EQ(source.alive(), 0);
  EXPECT_EQ(count(), 0);
  NumberSource again(300'000, 2, write_bigint);
  EXPECT_EQ(bulk_load(*session_, bigint_shape_, bigint_shape_.name, again), 300'000U);
}

TEST_F(BulkLoadTest, AFailureToMakeAProducerComesOutUnchanged) {
  class NoProducers final : public ChunkSource {
   public:
    std::unique_ptr<ChunkProducer> make_producer() override { throw Error(ErrorKind::kConnection, "no server"); }

    [[nodiscard]] unsigned max_producers() const override { return 2; }

    [[nodiscard]] std::uint64_t expected_rows() const override { return 1; }
  };

  NoProducers source;
  const Error error = error_of([&] { load(bigint_shape_, source); });
  EXPECT_EQ(error.kind(), ErrorKind::kConnection);
  EXPECT_EQ(error.message(), "no server");
}

TEST_F(BulkLoadTest, TooManyRowsAreABug) {
  class Overflow final : public ChunkSource {
   public:
    class Producer final : public ChunkProducer {
      std::size_t fill(std::span<ColumnView* const> /*columns*/) override { return kChunkRows + 1; }
    };

    std::unique_ptr<ChunkProducer> make_producer() override { return std::make_unique<Producer>(); }

    [[nodiscard]] unsigned max_producers() const override { return 1; }

    [[nodiscard]] std::uint64_t expected_rows() const override { return 1; }
  };

  Overflow source;
  EXPECT_EQ(error_of([&] { load(bigint_shape_, source); }).kind(), ErrorKind::kBug);
}

TEST_F(BulkLoadTest, NullInANotNullColumnIsNamed) {
  TableShape shape = bigint_shape_;
  shape.columns[0].not_null = true;
  NumberSource source(500'000, 2, [](std::span<ColumnView* const> columns, std::size_t row, std::uint64_t number) {
    write_bigint(columns, row, number);
    if (number == 250'000) {
      columns[0]->set_null(row);
    }
  });
  const Error error = error_of([&] { load(shape, source); });
  EXPECT_EQ(error.kind(), ErrorKind::kDestination);
  EXPECT_THAT(error.what(), HasSubstr("declared NOT NULL"));
  EXPECT_THAT(error.what(), HasSubstr("numbers.c0"));
  EXPECT_EQ(source.alive(), 0);
}

TEST_F(BulkLoadTest, AnInterruptEndsTheLoad) {
  NumberSource source(1'000'000'000, 2, write_bigint);
  source.pause = std::chrono::milliseconds(1);
  std::thread other([&] {
    while (source.alive() == 0) {
      std::this_thread::yield();
    }
    session_->interrupt();
  });
  EXPECT_EQ(error_of([&] { load(bigint_shape_, source); }).kind(), ErrorKind::kCancelled);
  other.join();
  EXPECT_EQ(source.alive(), 0);
  EXPECT_EQ(count(), 0);
}

TEST_F(BulkLoadTest, SeveralLoadsRunSideBySide) {
  constexpr int kLoads = 6;
  std::vector<std::jthread> threads;
  std::atomic<std::uint64_t> rows = 0;
  for (int i = 0; i < kLoads; ++i) {
    threads.emplace_back([&, i] {
      TableShape shape = bigint_shape_;
      shape.name.name += std::to_string(i);
      Session session = database_->connect();
      session.execute(create_table_sql(session, shape, shape.name));
      NumberSource source(200'000, 2, write_bigint);
      rows += bulk_load(session, shape, shape.name, source);
    });
  }
  threads.clear();
  EXPECT_EQ(rows, 200'000U * kLoads);
}

}  // namespace
}  // namespace pg2duck::destination
