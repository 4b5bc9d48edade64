#include "types/compression.hpp"

#include <gtest/gtest.h>

namespace pg2duck::types {
namespace {

constexpr double kRows = 1'000'000;

DuckType text() {
  return DuckType::of(DuckTypeId::kVarchar);
}

Compression by_statistics(const ColumnStatistics& column, double rows = kRows) {
  return choose_compression(text(), rows, column, std::nullopt);
}

Compression by_stored(const StoredCompression& column) {
  return choose_compression(text(), kRows, std::nullopt, column);
}

constexpr ColumnStatistics kFew{.distinct = 7, .null_fraction = 0, .average_bytes = 10};
constexpr ColumnStatistics kUnique{.distinct = -1, .null_fraction = 0, .average_bytes = 10};
constexpr StoredCompression kInDictionary{
    .rows = 1'000'000, .dictionary_rows = 1'000'000, .fsst_rows = 0, .segments = 9};
constexpr StoredCompression kInFsst{.rows = 1'000'000, .dictionary_rows = 0, .fsst_rows = 1'000'000, .segments = 60};

TEST(Compression, ByStatisticsNamesWhatIsCertain) {
  EXPECT_EQ(by_statistics(kFew), Compression::kDictionary);
  EXPECT_EQ(by_statistics(kUnique), Compression::kFsst);
  EXPECT_EQ(by_statistics({.distinct = -0.6, .null_fraction = 0.3, .average_bytes = 40}), Compression::kFsst);
  EXPECT_EQ(by_statistics({.distinct = 900'000, .null_fraction = 0, .average_bytes = 40}), Compression::kFsst);
  EXPECT_EQ(by_statistics({.distinct = 1, .null_fraction = 0.99, .average_bytes = 2}), Compression::kDictionary);
}

TEST(Compression, ByStatisticsLeavesTheRestToDuckdb) {
  EXPECT_EQ(by_statistics({.distinct = 0, .null_fraction = 1, .average_bytes = 0}), Compression::kDuckdb);
  EXPECT_EQ(by_statistics({.distinct = 20'000, .null_fraction = 0, .average_bytes = 10}), Compression::kDuckdb);
  EXPECT_EQ(by_statistics({.distinct = -0.1, .null_fraction = 0, .average_bytes = 10}), Compression::kDuckdb);
  EXPECT_EQ(by_statistics({.distinct = 900, .null_fraction = 0, .average_bytes = 200}), Compression::kDuckdb);
  EXPECT_EQ(by_statistics({.distinct = -1, .null_fraction = 0.9, .average_bytes = 10}), Compression::kDuckdb);
  EXPECT_EQ(choose_compression(text(), kRows, std::nullopt, std::nullopt), Compression::kDuckdb);
}

TEST(Compression, SmallTablesAndThoseOfUnknownSizeAreLeftToDuckdb) {
  EXPECT_EQ(by_statistics(kFew, 100'000), Compression::kDuckdb);
  EXPECT_EQ(by_statistics(kUnique, -1), Compression::kDuckdb);
  EXPECT_EQ(by_stored({.rows = 100'000, .dictionary_rows = 100'000, .fsst_rows = 0, .segments = 1}),
            Compression::kDuckdb);
}

TEST(Compression, WhatIsStoredIsKeptAsLongAsItDoesWell) {
  EXPECT_EQ(by_stored(kInDictionary), Compression::kDictionary);
  EXPECT_EQ(by_stored(kInFsst), Compression::kFsst);
  EXPECT_EQ(by_stored({.rows = 1'000'000, .dictionary_rows = 0, .fsst_rows = 950'000, .segments = 60}),
            Compression::kFsst);
  EXPECT_EQ(by_stored({.rows = 1'000'000, .dictionary_rows = 600'000, .fsst_rows = 400'000, .segments = 20}),
            Compression::kDuckdb);
  EXPECT_EQ(by_stored({.rows = 1'000'000, .dictionary_rows = 0, .fsst_rows = 0, .segments = 200}),
            Compression::kDuckdb);
  EXPECT_EQ(by_stored({.rows = 1'000'000, .dictionary_rows = 1'000'000, .fsst_rows = 0, .segments = 60}),
            Compression::kDuckdb);
}

TEST(Compression, DuckdbDecidesWhereStatisticsContradictWhatIsStored) {
  EXPECT_EQ(choose_compression(text(), kRows, kUnique, kInDictionary), Compression::kDuckdb);
  EXPECT_EQ(choose_compression(text(), kRows, kFew, kInFsst), Compression::kDuckdb);
  EXPECT_EQ(choose_compression(text(), kRows, kFew, kInDictionary), Compression::kDictionary);
  EXPECT_EQ(choose_compression(text(), kRows, kUnique, kInFsst), Compression::kFsst);
  const ColumnStatistics unclear{.distinct = 20'000, .null_fraction = 0, .average_bytes = 10};
  EXPECT_EQ(choose_compression(text(), kRows, unclear, kInFsst), Compression::kFsst);
}

TEST(Compression, OnlyTextIsNamed) {
  for (const DuckTypeId id : {DuckTypeId::kVarchar, DuckTypeId::kJson, DuckTypeId::kBlob}) {
    EXPECT_EQ(choose_compression(DuckType::of(id), kRows, kUnique, std::nullopt), Compression::kFsst);
    EXPECT_EQ(fastest_compression(DuckType::of(id)), Compression::kUncompressed);
  }
  for (const DuckType& type :
       {DuckType::of(DuckTypeId::kInteger), DuckType::of(DuckTypeId::kDouble), DuckType::of(DuckTypeId::kUuid),
        DuckType::of(DuckTypeId::kEnum), DuckType::of(DuckTypeId::kBit), DuckType::of(DuckTypeId::kGeometry),
        DuckType::list(text()), DuckType::structure({"a"}, {text()}), DuckType::map(text(), text())}) {
    EXPECT_EQ(choose_compression(type, kRows, kUnique, kInFsst), Compression::kDuckdb);
    EXPECT_EQ(fastest_compression(type), Compression::kDuckdb);
  }
}

}  // namespace
}  // namespace pg2duck::types
