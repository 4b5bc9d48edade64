// Nanoseconds a value of the decoders, each beside a loop written by hand for the same bytes.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "decode/column_decoder.hpp"
#include "decode/column_view.hpp"
#include "decode/copy_stream.hpp"

namespace {

using namespace pg2duck;

constexpr std::size_t kRows = 2048;

template <typename T>
void append(std::vector<std::byte>& bytes, T value) {
  for (std::size_t i = sizeof(T); i-- > 0;) {
    bytes.push_back(static_cast<std::byte>(static_cast<std::uint64_t>(value) >> (8 * i) & 0xff));
  }
}

/// Values as they lie in COPY messages: one after the other, each behind its length.
struct Column {
  std::vector<std::byte> bytes;
  std::vector<decode::Field> fields;

  template <typename Append>
  explicit Column(Append append_value) {
    std::mt19937_64 random(7);
    std::vector<std::pair<std::size_t, std::size_t>> places;
    for (std::size_t row = 0; row < kRows; ++row) {
      bytes.resize(bytes.size() + 4);
      const std::size_t begin = bytes.size();
      append_value(bytes, random);
      places.emplace_back(begin, bytes.size() - begin);
    }
    for (const auto& [begin, size] : places) {
      fields.push_back({bytes.data() + begin, static_cast<std::int32_t>(size)});
    }
  }
};

/// A flat vector; long strings are copied into one block, as DuckDB's string heap does.
class FlatView final : public decode::ColumnView {
 public:
  void* data() override { return values_.data(); }

  std::uint64_t* validity() override { return validity_.data(); }

  void assign_string(std::size_t row, const char* bytes, std::size_t size) override {
    if (used_ + size > heap_.size()) {
      used_ = 0;
    }
    std::memcpy(heap_.data() + used_, bytes, size);
    const char* kept = heap_.data() + used_;
    used_ += size;
    auto& entry = values<decode::StringEntry>()[row];
    entry.length = static_cast<std::uint32_t>(size);
    std::memcpy(static_cast<char*>(entry.inlined), kept, 4);
    std::memcpy(static_cast<char*>(entry.inlined) + 4, static_cast<const void*>(&kept), sizeof(kept));
  }

  std::size_t child_size() override { return 0; }

  void resize_child(std::size_t /*size*/) override {}

  ColumnView& child(std::size_t /*index*/) override { return *this; }

 private:
  std::vector<decode::Int128> values_ = std::vector<decode::Int128>(kRows);
  std::vector<std::uint64_t> validity_ = std::vector<std::uint64_t>(kRows / 64, ~std::uint64_t{0});
  std::vector<char> heap_ = std::vector<char>(1 << 20);
  std::size_t used_ = 0;
};

Column integers(std::size_t size) {
  return Column([size](auto& bytes, auto& random) {
    const std::uint64_t value = random();
    size == 4 ? append(bytes, static_cast<std::uint32_t>(value)) : append(bytes, value);
  });
}

Column times() {
  return Column([](auto& bytes, auto& random) { append(bytes, random() % 800'000'000'000'000); });
}

/// Prices up to 100,000.00: one or two groups before the point, mostly one after it.
Column prices() {
  return Column([](auto& bytes, auto& random) {
    const std::uint64_t cents = random() % 10'000'000;
    std::vector<std::uint16_t> groups = {static_cast<std::uint16_t>(cents / 1'000'000),
                                         static_cast<std::uint16_t>(cents / 100 % 10'000),
                                         static_cast<std::uint16_t>(cents % 100 * 100)};
    std::int16_t weight = 1;
    while (!groups.empty() && groups.front() == 0) {
      groups.erase(groups.begin());
      --weight;
    }
    while (!groups.empty() && groups.back() == 0) {
      groups.pop_back();
    }
    append(bytes, static_cast<std::uint16_t>(groups.size()));
    append(bytes, weight);
    append(bytes, std::uint32_t{2});
    for (const std::uint16_t group : groups) {
      append(bytes, group);
    }
  });
}

Column strings(std::size_t shortest, std::size_t longest) {
  return Column([=](auto& bytes, auto& random) {
    for (std::size_t size = shortest + random() % (longest - shortest + 1); size > 0; --size) {
      bytes.push_back(static_cast<std::byte>('a' + random() % 26));
    }
  });
}

void run_decoder(benchmark::State& state, const types::Mapping& mapping, const Column& column) {
  const auto decoder = decode::make_decoder(mapping);
  FlatView out;
  for (auto _ : state) {
    decoder->decode(column.fields, out, 0);
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  state.counters["per_value"] = benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(kRows),
                                                   benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

template <typename Loop>
void run_by_hand(benchmark::State& state, const Column& column, Loop loop) {
  FlatView out;
  for (auto _ : state) {
    loop(column, out);
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  state.counters["per_value"] = benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(kRows),
                                                   benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

types::Mapping mapping(types::Wire wire, types::DuckType target = {}) {
  types::Mapping result;
  result.wire = wire;
  result.target = std::move(target);
  return result;
}

template <typename T, T Offset>
void load_all(const Column& column, FlatView& out) {
  T* values = out.values<T>();
  for (std::size_t row = 0; row < kRows; ++row) {
    values[row] = load_big_endian<T>(column.fields[row].data) + Offset;
  }
}

/// What a decoder costs that trusts the bytes: no checks, groups of four digits to a 64-bit number.
void load_prices(const Column& column, FlatView& out) {
  auto* values = out.values<std::int64_t>();
  for (std::size_t row = 0; row < kRows; ++row) {
    const std::byte* data = column.fields[row].data;
    const std::size_t count = load_big_endian<std::uint16_t>(data);
    int weight = load_big_endian<std::int16_t>(data + 2);
    std::int64_t value = 0;
    for (std::size_t i = 0; i < count; ++i, --weight) {
      const std::int64_t group = load_big_endian<std::uint16_t>(data + 8 + 2 * i);
      value += weight < 0 ? group / 100 : group * (weight == 0 ? 100 : 1'000'000);
    }
    values[row] = value;
  }
}

/// Copies without validating.
void load_strings(const Column& column, FlatView& out) {
  auto* entries = out.values<decode::StringEntry>();
  for (std::size_t row = 0; row < kRows; ++row) {
    const decode::Field& field = column.fields[row];
    const auto size = static_cast<std::size_t>(field.length);
    if (size <= decode::kInlineStringLength) {
      entries[row] = {.length = static_cast<std::uint32_t>(size), .inlined = {}};
      std::memcpy(static_cast<char*>(entries[row].inlined), field.data, size);
    } else {
      out.assign_string(row, reinterpret_cast<const char*>(field.data), size);
    }
  }
}

void int4(benchmark::State& state) {
  run_decoder(state, mapping(types::Wire::kInt4), integers(4));
}

void int4_by_hand(benchmark::State& state) {
  run_by_hand(state, integers(4), load_all<std::int32_t, 0>);
}

void int8(benchmark::State& state) {
  run_decoder(state, mapping(types::Wire::kInt8), integers(8));
}

void int8_by_hand(benchmark::State& state) {
  run_by_hand(state, integers(8), load_all<std::int64_t, 0>);
}

void timestamp(benchmark::State& state) {
  run_decoder(state, mapping(types::Wire::kTimestamp), times());
}

void timestamp_by_hand(benchmark::State& state) {
  run_by_hand(state, times(), load_all<std::int64_t, 946'684'800'000'000>);
}

void numeric_15_2(benchmark::State& state) {
  run_decoder(state, mapping(types::Wire::kNumeric, types::DuckType::decimal(15, 2)), prices());
}

void numeric_15_2_by_hand(benchmark::State& state) {
  run_by_hand(state, prices(), load_prices);
}

void numeric_38_10(benchmark::State& state) {
  run_decoder(state, mapping(types::Wire::kNumeric, types::DuckType::decimal(38, 10)), prices());
}

void text_short(benchmark::State& state) {
  run_decoder(state, mapping(types::Wire::kText), strings(1, 12));
}

void text_short_by_hand(benchmark::State& state) {
  run_by_hand(state, strings(1, 12), load_strings);
}

void text_long(benchmark::State& state) {
  run_decoder(state, mapping(types::Wire::kText), strings(20, 80));
}

void text_long_by_hand(benchmark::State& state) {
  run_by_hand(state, strings(20, 80), load_strings);
}

/// A row of 16 fields a message.
void copy_rows(benchmark::State& state) {
  constexpr std::size_t kColumns = 16;
  std::vector<std::byte> messages;
  std::vector<std::size_t> ends;
  for (std::size_t row = 0; row < kRows; ++row) {
    append(messages, static_cast<std::int16_t>(kColumns));
    for (std::size_t column = 0; column < kColumns; ++column) {
      const std::size_t size = column % 2 == 0 ? 4 : 10;
      append(messages, static_cast<std::int32_t>(size));
      messages.resize(messages.size() + size);
    }
    ends.push_back(messages.size());
  }
  std::vector<std::byte> header;
  for (const char c : std::string("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", 19)) {
    header.push_back(static_cast<std::byte>(c));
  }
  decode::RowBatch batch(kColumns, kRows);
  for (auto _ : state) {
    decode::CopyStream stream(kColumns);
    batch.clear();
    stream.read_message(header, batch);
    std::size_t begin = 0;
    for (const std::size_t end : ends) {
      stream.read_message({messages.data() + begin, end - begin}, batch);
      begin = end;
    }
    benchmark::DoNotOptimize(batch.rows());
  }
  state.counters["per_value"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(kRows * kColumns),
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

BENCHMARK(int4);
BENCHMARK(int4_by_hand);
BENCHMARK(int8);
BENCHMARK(int8_by_hand);
BENCHMARK(timestamp);
BENCHMARK(timestamp_by_hand);
BENCHMARK(numeric_15_2);
BENCHMARK(numeric_15_2_by_hand);
BENCHMARK(numeric_38_10);
BENCHMARK(text_short);
BENCHMARK(text_short_by_hand);
BENCHMARK(text_long);
BENCHMARK(text_long_by_hand);
BENCHMARK(copy_rows);

}  // namespace
