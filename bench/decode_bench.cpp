// Nanoseconds a value of the decoders. Where `by_hand` is given, a loop that a program for nothing but this type would
// have runs alternately with the decoder: it makes the same checks and writes the same column. `ratio` is what being
// general costs.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <limits>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "decode/column_decoder.hpp"
#include "decode/column_view.hpp"
#include "decode/copy_stream.hpp"

namespace {

using namespace pg2duck;
namespace oid = types::oid;
using Random = std::mt19937_64;
using Fields = std::span<const decode::Field>;

// A batch as it is decoded at once. With one only, the processor would learn by heart where its branches go.
constexpr std::size_t kRows = 2048;
constexpr std::size_t kBatches = 8;

/// Builds bytes as Postgres sends them.
class Writer {
 public:
  template <typename T>
  Writer& put(T value) {
    for (std::size_t i = sizeof(T); i-- > 0;) {
      bytes_ += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i) & 0xff);
    }
    return *this;
  }

  Writer& text(std::string_view bytes) {
    bytes_ += bytes;
    return *this;
  }

  /// A length and the bytes.
  Writer& field(std::string_view bytes) { return put(static_cast<std::int32_t>(bytes.size())).text(bytes); }

  Writer& number(double value) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof(bits));
    return put(bits);
  }

  [[nodiscard]] const std::string& bytes() const { return bytes_; }

  // NOLINTNEXTLINE(google-explicit-constructor): reads as bytes wherever bytes are asked for
  operator std::string() const { return bytes_; }

 private:
  std::string bytes_;
};

using MakeValue = std::function<std::string(Random&)>;

/// Some batches of values as they lie in COPY messages: one after the other, each behind its length.
struct Column {
  std::vector<std::byte> bytes;
  std::vector<decode::Field> fields;
  std::size_t value_bytes = 0;

  explicit Column(const MakeValue& make_value) {
    Random random(7);
    std::vector<std::pair<std::size_t, std::size_t>> places;
    for (std::size_t row = 0; row < kBatches * kRows; ++row) {
      bytes.resize(bytes.size() + 4);
      const std::string value = make_value(random);
      places.emplace_back(bytes.size(), value.size());
      for (const char c : value) {
        bytes.push_back(static_cast<std::byte>(c));
      }
      value_bytes += value.size();
    }
    for (const auto& [begin, size] : places) {
      fields.push_back({bytes.data() + begin, static_cast<std::int32_t>(size)});
    }
  }

  [[nodiscard]] Fields batch(std::size_t index) const { return Fields(fields).subspan(index * kRows, kRows); }
};

/// A vector with its children; long strings are copied into one block, as DuckDB's string heap does.
class VectorView final : public decode::ColumnView {
 public:
  explicit VectorView(const types::DuckType& type) {
    using types::DuckTypeId;
    if (type.id == DuckTypeId::kMap) {
      layout_ = Layout::kList;
      children_.push_back(std::make_unique<VectorView>(types::DuckType::structure({"key", "value"}, type.children)));
    } else {
      layout_ = type.id == DuckTypeId::kList     ? Layout::kList
                : type.id == DuckTypeId::kStruct ? Layout::kStruct
                : type.id == DuckTypeId::kArray  ? Layout::kArray
                                                 : Layout::kScalar;
      for (const types::DuckType& child : type.children) {
        children_.push_back(std::make_unique<VectorView>(child));
      }
    }
    rows_each_ = layout_ == Layout::kArray ? type.size : 1;
    resize(kRows);
  }

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

  [[nodiscard]] Layout layout() const override { return layout_; }

  [[nodiscard]] std::size_t children() const override { return children_.size(); }

  std::size_t child_size() override { return child_size_; }

  void resize_child(std::size_t size) override {
    child_size_ = size;
    children_.front()->resize(size);
  }

  VectorView& child(std::size_t index) override { return *children_[index]; }

  /// Empties all lists; their memory is kept.
  void clear() {
    child_size_ = 0;
    for (const auto& child : children_) {
      child->clear();
    }
  }

 private:
  void resize(std::size_t rows) {
    if (rows > values_.size()) {
      values_.resize(std::max(rows, 2 * values_.size()));
      validity_.resize(values_.size() / 64 + 1, ~std::uint64_t{0});
    }
    if (layout_ == Layout::kStruct || layout_ == Layout::kArray) {
      for (const auto& child : children_) {
        child->resize(rows * rows_each_);
      }
    }
  }

  Layout layout_ = Layout::kScalar;
  std::size_t rows_each_ = 1;
  std::size_t child_size_ = 0;
  std::vector<decode::Int128> values_;
  std::vector<std::uint64_t> validity_;
  std::vector<char> heap_ = std::vector<char>(1 << 20);
  std::size_t used_ = 0;
  std::vector<std::unique_ptr<VectorView>> children_;
};

// --- values ----------------------------------------------------------------------------------------------------------

MakeValue integers(std::size_t size) {
  return [size](Random& random) {
    const std::uint64_t value = random();
    return Writer().put(value).bytes().substr(0, size);
  };
}

MakeValue below(std::uint64_t limit) {
  return [limit](Random& random) { return Writer().put(random() % limit); };
}

/// A numeric of `units`, two of its digits after the point.
std::string money(std::uint64_t units) {
  std::vector<std::uint16_t> groups = {static_cast<std::uint16_t>(units / 1'000'000),
                                       static_cast<std::uint16_t>(units / 100 % 10'000),
                                       static_cast<std::uint16_t>(units % 100 * 100)};
  std::int16_t weight = 1;
  while (!groups.empty() && groups.front() == 0) {
    groups.erase(groups.begin());
    --weight;
  }
  while (!groups.empty() && groups.back() == 0) {
    groups.pop_back();
  }
  Writer out;
  out.put(static_cast<std::uint16_t>(groups.size())).put(weight).put(std::uint32_t{2});
  for (const std::uint16_t group : groups) {
    out.put(group);
  }
  return out;
}

/// Prices up to 100,000.00: one or two groups before the point, mostly one after it.
std::string price(Random& random) {
  return money(random() % 10'000'000);
}

std::string letters(Random& random, std::size_t shortest, std::size_t longest) {
  std::string text;
  for (std::size_t size = shortest + random() % (longest - shortest + 1); size > 0; --size) {
    text += static_cast<char>('a' + random() % 26);
  }
  return text;
}

MakeValue strings(std::size_t shortest, std::size_t longest, const std::string& before = "",
                  const std::string& after = "") {
  return [=](Random& random) { return before + letters(random, shortest, longest) + after; };
}

std::string point(Random& random) {
  return Writer().number(static_cast<double>(random() % 1000)).number(0.25);
}

MakeValue repeated(const MakeValue& make_value, int times) {
  return [=](Random& random) {
    std::string bytes;
    for (int i = 0; i < times; ++i) {
      bytes += make_value(random);
    }
    return bytes;
  };
}

MakeValue counted(const MakeValue& make_value, std::int32_t times, const std::string& before = "") {
  return [=](Random& random) { return before + Writer().put(times).bytes() + repeated(make_value, times)(random); };
}

MakeValue array_of(types::Oid element, const std::vector<std::int32_t>& sizes, const MakeValue& make_value) {
  return [=](Random& random) {
    Writer out;
    out.put(static_cast<std::int32_t>(sizes.size())).put(std::int32_t{0}).put(element);
    std::int32_t count = 1;
    for (const std::int32_t size : sizes) {
      out.put(size).put(std::int32_t{1});
      count *= size;
    }
    for (; count > 0; --count) {
      out.field(make_value(random));
    }
    return out.bytes();
  };
}

std::string int4_range(Random& random) {
  constexpr std::uint8_t kLowerIncluded = 2;
  const auto lower = static_cast<std::int32_t>(random() % 1000);
  return Writer().put(kLowerIncluded).field(Writer().put(lower).bytes()).field(Writer().put(lower + 5).bytes());
}

std::string pair(Random& random) {
  return Writer()
      .put(std::int32_t{2})
      .put(oid::kInt4)
      .field(integers(4)(random))
      .put(oid::kText)
      .field(letters(random, 1, 20));
}

std::string hstore(Random& random) {
  Writer out;
  out.put(std::int32_t{2});
  for (const char* key : {"color", "size"}) {
    out.field(key).field(letters(random, 1, 20));
  }
  return out;
}

std::string little_endian_point(Random& random) {
  std::string bytes("\x01\x01\0\0\0", 5);
  for (const double value : {static_cast<double>(random() % 1000), 0.5}) {
    bytes.append(reinterpret_cast<const char*>(&value), sizeof(value));
  }
  return bytes;
}

MakeValue vectors(std::int16_t dimensions, std::size_t element) {
  return [=](Random& random) {
    Writer out;
    out.put(dimensions).put(std::int16_t{0});
    for (std::int16_t i = 0; i < dimensions; ++i) {
      out.text(Writer().put(random()).bytes().substr(0, element));
    }
    return out.bytes();
  };
}

std::string sparse_vector(Random& random) {
  Writer out;
  out.put(std::int32_t{1000}).put(std::int32_t{8}).put(std::int32_t{0});
  for (std::int32_t i = 0; i < 8; ++i) {
    out.put(100 * i);
  }
  return out.text(repeated(integers(4), 8)(random));
}

// --- loops by hand ---------------------------------------------------------------------------------------------------

using Loop = std::function<void(Fields, VectorView&)>;

void require(bool condition) {
  if (!condition) [[unlikely]] {
    std::abort();
  }
}

/// Values of one size: their lengths are checked, NULLs marked.
template <typename T, typename Read>
void load_fixed(Fields fields, VectorView& out, Read read) {
  T* values = out.values<T>();
  for (std::size_t row = 0; row < kRows; ++row) {
    const decode::Field field = fields[row];
    if (field.length == sizeof(T)) [[likely]] {
      values[row] = read(load_big_endian<T>(field.data));
    } else {
      require(field.is_null());
      values[row] = 0;
      out.set_null(row);
    }
  }
}

template <typename T>
void load_integers(Fields fields, VectorView& out) {
  load_fixed<T>(fields, out, [](T value) { return value; });
}

/// Infinities, and values that 64 bits cannot hold when they count from 1970, are left to somebody else.
void load_timestamps(Fields fields, VectorView& out) {
  constexpr std::int64_t kEpoch = 946'684'800'000'000;
  load_fixed<std::int64_t>(fields, out, [](std::int64_t value) {
    require(value != std::numeric_limits<std::int64_t>::min() &&
            value < std::numeric_limits<std::int64_t>::max() - kEpoch);
    return value + kEpoch;
  });
}

/// Two digits after the point and up to 13 before it; length, sign, digits and size are checked.
void load_prices(Fields fields, VectorView& out) {
  constexpr std::int64_t kLimit = 1'000'000'000'000'000;
  constexpr std::int64_t kWeights[] = {100, 1'000'000, 10'000'000'000, 100'000'000'000'000};
  auto* values = out.values<std::int64_t>();
  for (std::size_t row = 0; row < kRows; ++row) {
    const decode::Field field = fields[row];
    if (field.is_null()) {
      values[row] = 0;
      out.set_null(row);
      continue;
    }
    require(field.length >= 8);
    const std::size_t count = load_big_endian<std::uint16_t>(field.data);
    int weight = load_big_endian<std::int16_t>(field.data + 2);
    const auto sign = load_big_endian<std::uint16_t>(field.data + 4);
    require(static_cast<std::size_t>(field.length) == 8 + 2 * count && (sign == 0 || sign == 0x4000) && weight < 4 &&
            weight - static_cast<int>(count) >= -2);
    std::int64_t value = 0;
    for (std::size_t i = 0; i < count; ++i, --weight) {
      const std::int64_t group = load_big_endian<std::uint16_t>(field.data + 8 + 2 * i);
      require(group < 10'000 && (weight >= 0 || group % 100 == 0));
      value += weight < 0 ? group / 100 : group * kWeights[weight];
    }
    require(value < kLimit);
    values[row] = sign == 0 ? value : -value;
  }
}

bool is_ascii(const char* from, std::size_t size) {
  std::uint64_t bits = 0;
  for (; size >= 8; from += 8, size -= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, from, 8);
    bits |= word;
  }
  for (; size > 0; ++from, --size) {
    bits |= static_cast<unsigned char>(*from);
  }
  return (bits & 0x8080'8080'8080'8080) == 0;
}

/// Other characters than those of ASCII are left to somebody else.
void load_strings(Fields fields, VectorView& out) {
  auto* entries = out.values<decode::StringEntry>();
  for (std::size_t row = 0; row < kRows; ++row) {
    const decode::Field field = fields[row];
    entries[row] = {};
    if (field.is_null()) {
      out.set_null(row);
      continue;
    }
    const auto size = static_cast<std::size_t>(field.length);
    const auto* text = reinterpret_cast<const char*>(field.data);
    require(is_ascii(text, size));
    if (size <= decode::kInlineStringLength) {
      entries[row].length = static_cast<std::uint32_t>(size);
      std::memcpy(static_cast<char*>(entries[row].inlined), text, size);
    } else {
      out.assign_string(row, text, size);
    }
  }
}

// --- runs ------------------------------------------------------------------------------------------------------------

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
  const auto decoder = decode::make_decoder(one.mapping);
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

/// Types that are not built in; their numbers are ours.
enum CustomOid : types::Oid {
  kMood = 70'000,
  kPair,
  kInt4Array,
  kNumericArray,
  kTextArray,
  kPairArray,
  kHstore,
  kLtree,
  kGeometry,
  kVector,
  kHalfVector,
  kSparseVector,
};

constexpr types::Oid kInt4Range = 3904;
constexpr types::Oid kInt4Multirange = 4451;

types::TypeCatalog make_catalog() {
  types::TypeCatalog catalog;
  const auto add = [&](types::Oid type, char typtype = 'b') -> types::PgType& {
    catalog[type].oid = type;
    catalog[type].typtype = typtype;
    return catalog[type];
  };
  for (types::Oid type = 1; type < 5100; ++type) {
    add(type);
  }
  add(kMood, 'e').labels = {"sad", "ok", "happy", "very happy"};
  add(kPair, 'c').fields = {{.name = "a", .type = oid::kInt4}, {.name = "b", .type = oid::kText}};
  for (const auto& [array, element] :
       {std::pair{kInt4Array, oid::kInt4}, {kNumericArray, oid::kNumeric}, {kTextArray, oid::kText}}) {
    add(array).element = element;
  }
  add(kPairArray).element = kPair;
  add(kInt4Range, 'r').range_subtype = oid::kInt4;
  add(kInt4Multirange, 'm').range_subtype = kInt4Range;
  for (const auto& [type, extension, name] : {std::tuple{kHstore, "hstore", "hstore"},
                                              {kLtree, "ltree", "ltree"},
                                              {kGeometry, "postgis", "geometry"},
                                              {kVector, "vector", "vector"},
                                              {kHalfVector, "vector", "halfvec"},
                                              {kSparseVector, "vector", "sparsevec"}}) {
    types::PgType& added = add(type);
    added.extension = extension;
    added.name = name;
  }
  return catalog;
}

/// What a column of `type` becomes when its values have been seen.
types::Mapping strict(types::Oid type, std::int32_t typmod = -1, int dimensions = 0) {
  static const types::TypeCatalog catalog = make_catalog();
  types::MappingChoice choice;
  choice.dimensions = dimensions;
  choice.final = true;
  return types::map_type(catalog, type, typmod, choice);
}

/// The same while its values are being seen.
types::Mapping adaptive(types::Oid type, int dimensions = 0) {
  static const types::TypeCatalog catalog = make_catalog();
  types::MappingChoice choice;
  choice.dimensions = dimensions;
  return types::map_type(catalog, type, -1, choice);
}

types::Mapping leaf(types::Wire wire, types::DuckType target) {
  types::Mapping mapping;
  mapping.wire = wire;
  mapping.target = std::move(target);
  return mapping;
}

types::Mapping mood() {
  types::Mapping mapping = leaf(types::Wire::kEnum, types::DuckType::of(types::DuckTypeId::kEnum));
  mapping.target.names = {"sad", "ok", "happy", "very happy"};
  return mapping;
}

std::string label(Random& random) {
  return mood().target.names[random() % 4];
}

constexpr std::int32_t numeric(std::int32_t precision, std::int32_t scale) {
  return (precision << 16 | scale) + 4;
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
  const auto days = [](Random& random) { return Writer().put(static_cast<std::int32_t>(random() % 20'000)); };
  add("int4", strict(oid::kInt4), integers(4), load_integers<std::int32_t>);
  add("int8", strict(oid::kInt8), integers(8), load_integers<std::int64_t>);
  add("timestamp", strict(oid::kTimestamp), below(800'000'000'000'000), load_timestamps);
  add("numeric(15,2)", strict(oid::kNumeric, numeric(15, 2)), price, load_prices);
  add("text, 1-12", strict(oid::kText), strings(1, 12), load_strings);
  add("text, 20-80", strict(oid::kText), strings(20, 80), load_strings);
  add("bool", strict(oid::kBool), [](Random& random) { return std::string(1, static_cast<char>(random() % 2)); });
  add("\"char\"", strict(oid::kChar), strings(1, 1));
  add("int2", strict(oid::kInt2), integers(2));
  add("oid", strict(oid::kOid), integers(4));
  add("xid8", strict(oid::kXid8), integers(8));
  add("float4", strict(oid::kFloat4), integers(4));
  add("float8", strict(oid::kFloat8), integers(8));
  add("numeric(38,10)", strict(oid::kNumeric, numeric(38, 10)), price);
  add("numeric, guessed", adaptive(oid::kNumeric), price);
  add("numeric, text", leaf(types::Wire::kNumericText, {}), price);
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
      [](Random& random) { return Writer().put(std::int32_t{24}).text(integers(3)(random)); });
  add("inet, IPv4", strict(oid::kInet),
      [](Random& random) { return std::string("\x02\x20\0\x04", 4) + integers(4)(random); });
  add("inet, IPv6", strict(oid::kInet),
      [](Random& random) { return std::string("\x03\x80\0\x10", 4) + repeated(integers(8), 2)(random); });
  add("macaddr", strict(oid::kMacaddr), integers(6));
  add("enum", mood(), label);
}

void add_nested() {
  add("int4[], 5", strict(kInt4Array), array_of(oid::kInt4, {5}, integers(4)));
  add("int4[], 5, guessed", adaptive(kInt4Array), array_of(oid::kInt4, {5}, integers(4)));
  add("int4[][], 2x3", strict(kInt4Array, -1, 2), array_of(oid::kInt4, {2, 3}, integers(4)));
  add("text[], 3", strict(kTextArray), array_of(oid::kText, {3}, strings(1, 20)));
  add("numeric(9,2)[], 3", strict(kNumericArray, numeric(9, 2)), array_of(oid::kNumeric, {3}, price));
  add("composite, 2", strict(kPair), pair);
  add("composite[], 3", strict(kPairArray), array_of(kPair, {3}, pair));
  add("int4range", strict(kInt4Range), int4_range);
  add("int4multirange, 2", strict(kInt4Multirange),
      [](Random& random) { return Writer().put(std::int32_t{2}).field(int4_range(random)).field(int4_range(random)); });
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
    Writer message;
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
