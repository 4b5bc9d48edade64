#include "types/compression.hpp"

#include <algorithm>

namespace pg2duck::types {
namespace {

/// One row group. With less, trying all methods costs milliseconds.
constexpr double kFewestRows = 122'880;

/// Numbers gain nothing: trying their methods takes about 2 % of a load, and of text half or more.
bool is_text(const DuckType& type) {
  return type.id == DuckTypeId::kVarchar || type.id == DuckTypeId::kJson || type.id == DuckTypeId::kBlob;
}

/// What is certain from the statistics alone. They are made of a sample of about 30,000 rows: a quarter of a row group.
std::optional<Compression> by_statistics(double rows, const ColumnStatistics& column) {
  // Every value twice at the most: however they are ordered, a dictionary saves little or nothing.
  constexpr double kMostlyDistinct = 0.5;
  // A segment is 256 KB. The numbers of so few values take 150 KB for a row group, and the values find room beside them
  // even if there are several times as many as the sample has shown.
  constexpr double kFewValues = 1000;
  constexpr double kFewBytes = 65'536;
  constexpr double kBytesBesideValue = 8;
  // FSST spends bytes on a NULL, a dictionary only bits.
  constexpr double kManyNulls = 0.5;

  const double distinct = column.distinct < 0 ? -column.distinct * rows : column.distinct;
  if (distinct <= 0) {
    return std::nullopt;
  }
  if (distinct <= kFewValues && distinct * (column.average_bytes + kBytesBesideValue) <= kFewBytes) {
    return Compression::kDictionary;
  }
  if (distinct >= kMostlyDistinct * rows && column.null_fraction <= kManyNulls) {
    return Compression::kFsst;
  }
  return std::nullopt;
}

/// The method that nearly all of the column has, as long as it does well, whoever chose it.
Compression by_what_is_stored(const StoredCompression& column) {
  constexpr double kNearlyAll = 0.9;
  // A dictionary that is worth it holds a row group in three segments or fewer.
  constexpr std::uint64_t kFewestRowsOfSegment = 40'000;

  const double most = kNearlyAll * static_cast<double>(column.rows);
  if (static_cast<double>(column.fsst_rows) >= most) {
    return Compression::kFsst;
  }
  if (static_cast<double>(column.dictionary_rows) >= most &&
      column.rows / std::max<std::uint64_t>(column.segments, 1) >= kFewestRowsOfSegment) {
    return Compression::kDictionary;
  }
  return Compression::kDuckdb;
}

}  // namespace

std::string_view to_string(Compression compression) {
  switch (compression) {
    case Compression::kDuckdb:
      return "duckdb";
    case Compression::kDictionary:
      return "dictionary";
    case Compression::kFsst:
      return "fsst";
    case Compression::kUncompressed:
      return "uncompressed";
  }
  return "duckdb";
}

Compression choose_compression(const DuckType& type, double rows, const std::optional<ColumnStatistics>& source,
                               const std::optional<StoredCompression>& stored) {
  if (!is_text(type)) {
    return Compression::kDuckdb;
  }
  std::optional<Compression> by_source;
  if (source && rows >= kFewestRows) {
    by_source = by_statistics(rows, *source);
  }
  if (!stored || static_cast<double>(stored->rows) < kFewestRows) {
    return by_source.value_or(Compression::kDuckdb);
  }
  const Compression known = by_what_is_stored(*stored);
  return by_source.value_or(known) == known ? known : Compression::kDuckdb;
}

Compression fastest_compression(const DuckType& type) {
  return is_text(type) ? Compression::kUncompressed : Compression::kDuckdb;
}

}  // namespace pg2duck::types
