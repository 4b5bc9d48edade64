#include "decode/values/temporal.hpp"

#include <limits>

#include <duckdb.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/decode/decoding.hpp"

namespace pg2duck::decode {
namespace {

using namespace test_support;
namespace oid = types::oid;

constexpr std::int32_t kMax4 = std::numeric_limits<std::int32_t>::max();
constexpr std::int32_t kMin4 = std::numeric_limits<std::int32_t>::min();
constexpr std::int64_t kMax8 = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMin8 = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kEpochMicros = 946'684'800'000'000;

std::int32_t date(std::int32_t days) {
  return decode_one<std::int32_t>(mapping_of(oid::kDate), wire(days));
}

std::int64_t timestamp(std::int64_t micros) {
  return decode_one<std::int64_t>(mapping_of(oid::kTimestamp), wire(micros));
}

TEST(DecodeTemporal, ReadsDates) {
  EXPECT_EQ(date(0), 10'957);
  EXPECT_EQ(date(-10'957), 0);
  EXPECT_EQ(date(-2'451'545), -2'440'588);        // 4713-01-01 BC of the Julian calendar, the first of Postgres
  EXPECT_EQ(date(2'145'031'948), 2'145'042'905);  // 5874897-12-31, the last
  EXPECT_EQ(date(kMax4 - 10'958), kMax4 - 1);     // 5881580-07-10, the last of DuckDB
}

TEST(DecodeTemporal, KeepsInfiniteDatesAndTimestamps) {
  EXPECT_EQ(date(kMax4), kMax4);
  EXPECT_EQ(date(kMin4), -kMax4);
  for (const types::Oid type : {oid::kTimestamp, oid::kTimestamptz}) {
    EXPECT_EQ(decode_one<std::int64_t>(mapping_of(type), wire(kMax8)), kMax8);
    EXPECT_EQ(decode_one<std::int64_t>(mapping_of(type), wire(kMin8)), -kMax8);
  }
}

TEST(DecodeTemporal, RefusesDatesBeyondDuckDb) {
  EXPECT_EQ(complaint(mapping_of(oid::kDate), wire(kMax4 - 10'957)),
            "unrepresentable: date of 2147472690 days after 2000-01-01 is outside of DuckDB's range");
  EXPECT_NE(complaint(mapping_of(oid::kDate), wire(kMax4 - 1)), "none");
}

TEST(DecodeTemporal, ReadsTimestamps) {
  EXPECT_EQ(timestamp(0), kEpochMicros);
  EXPECT_EQ(timestamp(-kEpochMicros), 0);
  EXPECT_EQ(timestamp(-kEpochMicros - 1), -1);
  EXPECT_EQ(timestamp(-211'813'488'000'000'000), -210'866'803'200'000'000);  // 4713-01-01 BC, the first of Postgres
  EXPECT_EQ(timestamp(kMax8 - 1 - kEpochMicros), kMax8 - 1);                 // 294247-01-10, the last of DuckDB
  EXPECT_EQ(timestamp(kMin8 + 1), kMin8 + 1 + kEpochMicros);
}

TEST(DecodeTemporal, RefusesTimestampsBeyondDuckDb) {
  constexpr std::int64_t kLastOfPostgres = 9'223'371'331'199'999'999;  // 294276-12-31 23:59:59.999999
  for (const std::int64_t micros : {kMax8 - kEpochMicros, kMax8 - kEpochMicros + 1, kLastOfPostgres, kMax8 - 1}) {
    EXPECT_EQ(complaint(mapping_of(oid::kTimestamp), wire(micros)),
              "unrepresentable: timestamp of " + std::to_string(micros) +
                  " microseconds after 2000-01-01 is outside of DuckDB's range");
  }
}

TEST(DecodeTemporal, ReadsTimesOfADay) {
  for (const std::int64_t micros : {0LL, 1LL, 43'200'000'000LL, 86'399'999'999LL, 86'400'000'000LL}) {
    EXPECT_EQ(decode_one<std::int64_t>(mapping_of(oid::kTime), wire(micros)), micros);
  }
  EXPECT_EQ(complaint(mapping_of(oid::kTime), wire(std::int64_t{-1})), "corrupt: time of -1 microseconds");
  EXPECT_EQ(complaint(mapping_of(oid::kTime), wire(std::int64_t{86'400'000'001})),
            "corrupt: time of 86400000001 microseconds");
}

std::string wire_timetz(std::int64_t micros, std::int32_t west) {
  return Wire().put(micros).put(west);
}

TEST(DecodeTemporal, ReadsTimesWithZoneAsDuckDbDoes) {
  const types::Mapping mapping = leaf(types::Wire::kTimeTz, types::DuckTypeId::kTimeTz);
  for (const std::int64_t micros : {0LL, 1LL, 86'399'999'999LL, 86'400'000'000LL}) {
    for (const std::int32_t west : {0, -7200, 1, 57'599, -57'599}) {
      EXPECT_EQ(decode_one<std::uint64_t>(mapping, wire_timetz(micros, west)),
                duckdb_create_time_tz(micros, -west).bits);
    }
  }
  for (const std::int32_t west : {57'600, -57'600, kMax4, kMin4}) {
    EXPECT_EQ(complaint(mapping, wire_timetz(0, west)),
              "corrupt: timetz of zone " + std::to_string(west) + " seconds west of UTC");
  }
  EXPECT_EQ(complaint(mapping, wire_timetz(-1, 0)), "corrupt: time of -1 microseconds");
  EXPECT_EQ(complaint(mapping, wire_timetz(86'400'000'001, 0)), "corrupt: time of 86400000001 microseconds");
  EXPECT_EQ(complaint(mapping, wire(std::int64_t{0})), "corrupt: timetz of 8 bytes");
}

std::string interval(std::int64_t micros, std::int32_t days, std::int32_t months) {
  return Wire().put(micros).put(days).put(months);
}

TEST(DecodeTemporal, ReadsIntervals) {
  const auto value = decode_one<IntervalValue>(mapping_of(oid::kInterval), interval(-5, 7, -14));
  EXPECT_EQ(value.micros, -5);
  EXPECT_EQ(value.days, 7);
  EXPECT_EQ(value.months, -14);
  const auto extreme = decode_one<IntervalValue>(mapping_of(oid::kInterval), interval(kMin8, kMin4, kMax4));
  EXPECT_EQ(extreme.micros, kMin8);
  EXPECT_EQ(extreme.days, kMin4);
  EXPECT_EQ(extreme.months, kMax4);
}

TEST(DecodeTemporal, RefusesInfiniteIntervals) {
  EXPECT_EQ(complaint(mapping_of(oid::kInterval), interval(kMax8, kMax4, kMax4)), "unrepresentable: infinite interval");
  EXPECT_EQ(complaint(mapping_of(oid::kInterval), interval(kMin8, kMin4, kMin4)), "unrepresentable: infinite interval");
  EXPECT_EQ(complaint(mapping_of(oid::kInterval), interval(kMax8, kMax4, kMax4 - 1)), "none");
}

TEST(DecodeTemporal, RefusesEveryOtherSize) {
  const std::pair<types::Oid, std::size_t> sizes[] = {
      {oid::kDate, 4}, {oid::kTime, 8}, {oid::kTimestamp, 8}, {oid::kTimestamptz, 8}, {oid::kInterval, 16}};
  for (const auto& [type, right_size] : sizes) {
    for (std::size_t size = 0; size < 20; ++size) {
      EXPECT_EQ(complaint(mapping_of(type), std::string(size, '\0')) == "none", size == right_size);
    }
  }
}

TEST(DecodeTemporal, HasNoDecoderForOtherLayouts) {
  EXPECT_THROW(make_temporal_decoder(types::Wire::kText), Error);
}

}  // namespace
}  // namespace pg2duck::decode
