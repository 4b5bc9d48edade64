#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "types/duckdb_type.hpp"

namespace pg2duck::types {

/// How DuckDB is told to compress a column.
enum class Compression {
  kDuckdb,  ///< not at all: it tries its methods on each row group of 122,880 rows and keeps the smallest result
  kDictionary,
  kFsst,
  kUncompressed,
};

/// As DuckDB's USING COMPRESSION spells it; "duckdb" for kDuckdb.
std::string_view to_string(Compression compression);

/// What ANALYZE found in a Postgres column.
/// @source PostgreSQL manual, "pg_stats"
struct ColumnStatistics {
  double distinct = 0;       ///< n_distinct: how many values; negative: minus their share of the rows; 0: unknown
  double null_fraction = 0;  ///< 0-1
  std::int32_t average_bytes = 0;
};

/// How a column of text of a DuckDB table is compressed.
struct StoredCompression {
  std::uint64_t rows = 0;
  std::uint64_t dictionary_rows = 0;
  std::uint64_t fsst_rows = 0;
  std::uint64_t segments = 0;  ///< pieces of at most one block, 256 KB, and one row group
};

/// The method that a column of `rows` rows is to be compressed with so that DuckDB need not try them all: the one that
/// it would choose, or kDuckdb where that is not certain. The column as it stands in the target counts more than
/// statistics; where both speak and contradict each other, DuckDB decides, so that a wrong choice does not stay.
/// @param rows  below 0: unknown
Compression choose_compression(const DuckType& type, double rows, const std::optional<ColumnStatistics>& source,
                               const std::optional<StoredCompression>& stored);

/// The method that is the cheapest to load.
Compression fastest_compression(const DuckType& type);

}  // namespace pg2duck::types
