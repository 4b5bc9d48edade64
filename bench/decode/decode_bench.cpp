// Nanoseconds a value of the decoders. Where `by_hand` is given, a loop that a program for nothing but this type would
// have runs alternately with the decoder: it makes the same checks and writes the same column. `ratio` is what being
// general costs.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>

#include "decode/wire/copy_stream.hpp"
#include "decode/wire/wire_decoder.hpp"
#include "decode_by_hand.hpp"
#include "decode_columns.hpp"
#include "decode_values.hpp"
#include "support/golden/sample_catalog.hpp"

namespace {

using namespace pg2duck;
using namespace pg2duck::bench;
using namespace pg2duck::test_support;

using Clock = std::chrono::steady_clock;

/// Nanoseconds a value of `decode` for each batch.
template <typename Decode>
double time_of(Decode decode) {
  const auto started = Clock::now();
  for (std::size_t batch = 0; batch < kBatches; ++batch) {
    decode(batch);
    benchmark::ClobberMemory();
  }
  const std::chrono::duration<double, std::nano> took = Clock::now() - started;
  return took.count() / static_cast<double>(kBatches * kRows);
}

struct Case {
  const char* name;
  types::Mapping mapping;
  MakeValue make_value;
  Loop by_hand;
};

/// The fastest of all runs counts: on a machine that does other work too, the others say more about that.
[[maybe_unused]] void run(benchmark::State& state, const Case& one) {
  const Column column(one.make_value);
  const auto decoder = decode::make_wire_decoder(one.mapping);
  VectorView out(one.mapping.target);
  double best = std::numeric_limits<double>::infinity();
  double best_by_hand = best;
  for (auto _ : state) {
    best = std::min(best, time_of([&](std::size_t batch) {
                      out.clear();
                      decoder->decode(column.batch(batch), out, 0);
                    }));
    if (one.by_hand) {
      best_by_hand = std::min(best_by_hand, time_of([&](std::size_t batch) { one.by_hand(column.batch(batch), out); }));
    }
    benchmark::DoNotOptimize(out.data());
  }
  state.counters["ns"] = best;
  state.counters["bytes"] = static_cast<double>(column.value_bytes) / static_cast<double>(kBatches * kRows);
  if (one.by_hand) {
    state.counters["by_hand"] = best_by_hand;
    state.counters["ratio"] = best / best_by_hand;
  }
}

SampleCatalog& catalog() {
  static SampleCatalog types;
  return types;
}

types::MappingChoice values_seen() {
  types::MappingChoice choice;
  choice.final = true;
  return choice;
}

/// What a column of `type` becomes when its values have been seen.
types::Mapping strict(types::Oid type, std::int32_t typmod = -1) {
  return catalog().map(type, typmod, values_seen());
}

types::Mapping strict_array(types::Oid element, std::int32_t typmod = -1, int dimensions = 1) {
  return catalog().array(element, dimensions, typmod, values_seen());
}

types::Mapping mood() {
  types::MappingChoice choice = values_seen();
  choice.as = types::parse_chosen_type("enum");
  return catalog().map(kMood, -1, choice);
}

types::Mapping numeric_text() {
  types::MappingChoice choice;
  choice.numeric.kind = types::NumericTarget::Kind::kVarchar;
  return catalog().map(oid::kNumeric, -1, choice);
}

std::string label(Random& random) {
  static const std::vector<std::string> labels = mood().target.names;
  return labels[random() % labels.size()];
}

std::vector<Case>& cases() {
  static std::vector<Case> all;
  return all;
}

void add(const char* name, const types::Mapping& mapping, const MakeValue& make_value, const Loop& by_hand = nullptr) {
  cases().push_back({name, mapping, make_value, by_hand});
}

void add_scalars() {
  constexpr std::uint64_t kDay = 86'400'000'000;
  const std::string zone(4, '\0');
  const auto days = [](Random& random) { return Wire().put(static_cast<std::int32_t>(random() % 20'000)); };
  add("int4", strict(oid::kInt4), integers(4), load_integers<std::int32_t>);
  add("int8", strict(oid::kInt8), integers(8), load_integers<std::int64_t>);
  add("timestamp", strict(oid::kTimestamp), below(800'000'000'000'000), load_timestamps);
  add("numeric(15,2)", strict(oid::kNumeric, numeric_typmod(15, 2)), price, load_prices);
  add("text, 1-12", strict(oid::kText), strings(1, 12), load_strings);
  add("text, 20-80", strict(oid::kText), strings(20, 80), load_strings);
  add("bool", strict(oid::kBool), [](Random& random) { return std::string(1, static_cast<char>(random() % 2)); });
  add("\"char\"", strict(oid::kChar), strings(1, 1));
  add("int2", strict(oid::kInt2), integers(2));
  add("oid", strict(oid::kOid), integers(4));
  add("xid8", strict(oid::kXid8), integers(8));
  add("float4", strict(oid::kFloat4), integers(4));
  add("float8", strict(oid::kFloat8), integers(8));
  add("numeric(38,10)", strict(oid::kNumeric, numeric_typmod(38, 10)), price);
  add("numeric, guessed", catalog().map(oid::kNumeric), price);
  add("numeric, text", numeric_text(), price);
  add("money", strict(oid::kMoney), below(10'000'000));
  add("char(20)", strict(oid::kBpchar), strings(8, 8, "", std::string(12, ' ')));
  add("jsonb, 20-80", strict(oid::kJsonb), strings(10, 70, "\x01{\"a\":\"", "\"}"));
  add("bytea, 20-80", strict(oid::kBytea), strings(20, 80));
  add("date", strict(oid::kDate), days);
  add("time", strict(oid::kTime), below(kDay));
  add("timetz", strict(oid::kTimetz), [=](Random& random) { return below(kDay)(random) + zone; });
  add("interval", strict(oid::kInterval),
      [=](Random& random) { return below(kDay)(random) + std::string(days(random)) + zone; });
  add("uuid", strict(oid::kUuid), repeated(integers(8), 2));
  add("varbit, 24", strict(oid::kVarbit),
      [](Random& random) { return Wire().put(std::int32_t{24}).put(std::string_view(integers(3)(random))); });
  add("inet, IPv4", strict(oid::kInet),
      [](Random& random) { return std::string("\x02\x20\0\x04", 4) + integers(4)(random); });
  add("inet, IPv6", strict(oid::kInet),
      [](Random& random) { return std::string("\x03\x80\0\x10", 4) + repeated(integers(8), 2)(random); });
  add("macaddr", strict(oid::kMacaddr), integers(6));
  add("enum", mood(), label);
}

void add_nested() {
  add("int4[], 5", strict_array(oid::kInt4), array_of(oid::kInt4, {5}, integers(4)));
  add("int4[], 5, guessed", catalog().array(oid::kInt4), array_of(oid::kInt4, {5}, integers(4)));
  add("int4[][], 2x3", strict_array(oid::kInt4, -1, 2), array_of(oid::kInt4, {2, 3}, integers(4)));
  add("text[], 3", strict_array(oid::kText), array_of(oid::kText, {3}, strings(1, 20)));
  add("numeric(9,2)[], 3", strict_array(oid::kNumeric, numeric_typmod(9, 2)), array_of(oid::kNumeric, {3}, price));
  add("composite, 2", strict(kPair), pair);
  add("composite[], 3", strict_array(kPair), array_of(kPair, {3}, pair));
  add("int4range", strict(kInt4Range), int4_range);
  add("int4multirange, 2", strict(kInt4Multirange),
      [](Random& random) { return Wire().put(std::int32_t{2}).field(int4_range(random)).field(int4_range(random)); });
  add("point", strict(oid::kPoint), point);
  add("box", strict(oid::kBox), repeated(point, 2));
  add("path, 4", strict(oid::kPath), counted(point, 4, std::string(1, '\0')));
  add("polygon, 4", strict(oid::kPolygon), counted(point, 4));
  add("hstore, 2", strict(kHstore), hstore);
  add("ltree", strict(kLtree), strings(8, 30, "\x01"));
  add("geometry, point", strict(kGeometry), little_endian_point);
  add("vector(16)", strict(kVector, 16), vectors(16, 4));
  add("vector, 16", strict(kVector), vectors(16, 4));
  add("halfvec(16)", strict(kHalfVector, 16), vectors(16, 2));
  add("sparsevec, 8", strict(kSparseVector), sparse_vector);
}

[[maybe_unused]] const bool kRegistered = [] {
  add_scalars();
  add_nested();
#ifndef __clang_analyzer__  // takes what the library keeps for a leak
  for (const Case& one : cases()) {
    benchmark::RegisterBenchmark(one.name, run, one);
  }
#endif
  return true;
}();

/// A row of 16 fields a message.
void copy_rows(benchmark::State& state) {
  constexpr std::size_t kColumns = 16;
  std::vector<std::string> messages;
  for (std::size_t row = 0; row < kRows; ++row) {
    Wire message;
    message.put(static_cast<std::int16_t>(kColumns));
    for (std::size_t column = 0; column < kColumns; ++column) {
      message.field(std::string(column % 2 == 0 ? 4 : 10, '\0'));
    }
    messages.push_back(message);
  }
  const std::string header("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", 19);
  const auto bytes_of = [](const std::string& text) { return std::as_bytes(std::span(text)); };
  decode::RowBatch batch(kColumns, kRows);
  double best = std::numeric_limits<double>::infinity();
  for (auto _ : state) {
    best = std::min(best, time_of([&](std::size_t /*batch*/) {
                      decode::CopyStream stream(kColumns);
                      batch.clear();
                      stream.read_message(bytes_of(header), batch);
                      for (const std::string& message : messages) {
                        stream.read_message(bytes_of(message), batch);
                      }
                    }));
    benchmark::DoNotOptimize(batch.rows());
  }
  state.counters["ns"] = best / kColumns;
}

BENCHMARK(copy_rows);

}  // namespace
