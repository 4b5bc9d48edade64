#include "decode/values/temporal.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

#include "base/byte_cursor.hpp"
#include "base/error.hpp"
#include "decode/bad_value.hpp"
#include "decode/values/fixed_size_decoder.hpp"

namespace pg2duck::decode {
namespace {

/// Both systems keep an infinite date or timestamp as an extreme number, but not the same at the lower end.
template <typename T>
constexpr T kInfinity = std::numeric_limits<T>::max();
template <typename T>
constexpr T kPgMinusInfinity = std::numeric_limits<T>::min();
template <typename T>
constexpr T kDuckMinusInfinity = -std::numeric_limits<T>::max();

/// What does not simply move: an infinity, or a value that DuckDB cannot hold.
template <typename T>
[[gnu::noinline]] T move_extreme(T value, std::size_t row, const char* type) {
  if (value == kInfinity<T>) {
    return kInfinity<T>;
  }
  if (value == kPgMinusInfinity<T>) {
    return kDuckMinusInfinity<T>;
  }
  const char* unit = sizeof(T) == sizeof(std::int32_t) ? " days" : " microseconds";
  throw_unrepresentable(row, std::string(type) + " of " + std::to_string(value) + unit +
                                 " after 2000-01-01 is outside of DuckDB's range");
}

/// `value` moved from Postgres's epoch to DuckDB's, whose first finite value is `Lowest`.
template <typename T, T Offset, T Lowest>
T move_epoch(T value, std::size_t row, const char* type) {
  static_assert(Offset > 0 && kPgMinusInfinity<T> + 1 + Offset >= Lowest, "the lower end needs a check too");
  if (value > kPgMinusInfinity<T> && value < kInfinity<T> - Offset) [[likely]] {
    return value + Offset;
  }
  return move_extreme(value, row, type);
}

template <ByteOrder Order>
struct Date {
  using Value = std::int32_t;
  static constexpr std::int32_t kSize = 4;
  static constexpr const char* kType = "date";

  static Value read(const std::byte* data, std::size_t row) {
    constexpr std::int32_t kOffset = 10'957;
    constexpr std::int32_t kLowest = kDuckMinusInfinity<std::int32_t> + 1;  // 5877642-06-25 (BC)
    return move_epoch<std::int32_t, kOffset, kLowest>(load<Order, std::int32_t>(data), row, kType);
  }
};

template <ByteOrder Order>
struct Timestamp {
  using Value = std::int64_t;
  static constexpr std::int32_t kSize = 8;
  static constexpr const char* kType = "timestamp";

  static Value read(const std::byte* data, std::size_t row) {
    constexpr std::int64_t kOffset = 946'684'800'000'000;
    // 290309-12-22 (BC): DuckDB cannot print or cast what lies before the first whole day of 64 bits.
    constexpr std::int64_t kLowest = -9'223'372'022'400'000'000;
    return move_epoch<std::int64_t, kOffset, kLowest>(load<Order, std::int64_t>(data), row, kType);
  }
};

constexpr std::int64_t kDay = 86'400'000'000;

/// 24:00 is a time in both systems.
/// @return `micros`, microseconds since midnight
std::int64_t check_time(std::int64_t micros, std::size_t row) {
  if (micros < 0 || micros > kDay) {
    throw_corrupt(row, "time of " + std::to_string(micros) + " microseconds");
  }
  return micros;
}

template <ByteOrder Order>
struct Time {
  using Value = std::int64_t;
  static constexpr std::int32_t kSize = 8;
  static constexpr const char* kType = "time";

  static Value read(const std::byte* data, std::size_t row) { return check_time(load<Order, std::int64_t>(data), row); }
};

/// @source src/backend/utils/adt/date.c, timetz_send; duckdb.h, duckdb_time_tz
struct TimeTz {
  using Value = std::uint64_t;
  static constexpr std::int32_t kSize = 12;
  static constexpr const char* kType = "timetz";

  static Value read(const std::byte* data, std::size_t row) {
    constexpr std::int32_t kMaxZone = 16 * 3600 - 1;
    const auto micros = static_cast<Value>(check_time(load_big_endian<std::int64_t>(data), row));
    const auto west = load_big_endian<std::int32_t>(data + 8);
    if (west < -kMaxZone || west > kMaxZone) {
      throw_corrupt(row, "timetz of zone " + std::to_string(west) + " seconds west of UTC");
    }
    // DuckDB counts zones from the easternmost on: its order by bits is one by UTC, where times are the same.
    return micros << 24 | static_cast<Value>(kMaxZone + west);
  }
};

/// `Infinities`: the extremes of all three parts together are infinite.
template <bool Infinities>
struct Interval {
  using Value = IntervalValue;
  static constexpr std::int32_t kSize = 16;
  static constexpr const char* kType = "interval";

  static Value read(const std::byte* data, std::size_t row) {
    const Value value = {.months = load_big_endian<std::int32_t>(data + 12),
                         .days = load_big_endian<std::int32_t>(data + 8),
                         .micros = load_big_endian<std::int64_t>(data)};
    if (Infinities &&
        (all_three<std::numeric_limits<std::int32_t>::max(), std::numeric_limits<std::int64_t>::max()>(value) ||
         all_three<std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int64_t>::min()>(value))) {
      throw_unrepresentable(row, "infinite interval");
    }
    return value;
  }

  template <std::int32_t Short, std::int64_t Long>
  static bool all_three(const Value& value) {
    return value.micros == Long && value.days == Short && value.months == Short;
  }
};

template <ByteOrder Order>
std::unique_ptr<ColumnDecoder> make(types::Wire wire) {
  using types::Wire;
  switch (wire) {
    case Wire::kDate:
      return make_fixed_size_decoder<Date<Order>>();
    case Wire::kTime:
      return make_fixed_size_decoder<Time<Order>>();
    case Wire::kTimeTz:
      return make_fixed_size_decoder<TimeTz>();
    case Wire::kTimestamp:
      return make_fixed_size_decoder<Timestamp<Order>>();
    case Wire::kInterval:
      return make_fixed_size_decoder<Interval<true>>();
    case Wire::kFiniteInterval:
      return make_fixed_size_decoder<Interval<false>>();
    default:
      throw Error(ErrorKind::kBug, "not the wire layout of a date or time");
  }
}

}  // namespace

std::unique_ptr<ColumnDecoder> make_temporal_decoder(types::Wire wire, ByteOrder order) {
  if (order == ByteOrder::kNetwork) {
    return make<ByteOrder::kNetwork>(wire);
  }
  return make<ByteOrder::kNative>(wire);
}

}  // namespace pg2duck::decode
