#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "base/identifier.hpp"
#include "decode/column_view.hpp"
#include "destination/tables/table_ddl.hpp"
#include "destination/targets/database.hpp"

namespace pg2duck::destination {

/// DuckDB's rows per chunk.
inline constexpr std::size_t kChunkRows = 2048;

/// One thread's share of a load: fills chunk after chunk.
///
/// @thread DuckDB calls each producer from one thread at a time
class ChunkProducer {
 public:
  ChunkProducer() = default;
  ChunkProducer(const ChunkProducer&) = delete;
  ChunkProducer& operator=(const ChunkProducer&) = delete;
  virtual ~ChunkProducer() = default;

  /// Writes up to kChunkRows rows from row 0 on. What they point to must live until the next call: DuckDB has taken the
  /// rows then, or they were copied for it.
  /// @return the number of rows; 0 when this producer has no more
  /// @error anything: the load stops and `bulk_load` rethrows it
  virtual std::size_t fill(std::span<decode::ColumnView* const> columns) = 0;
};

/// Where a load's rows come from.
///
/// @thread `make_producer` is called by several of DuckDB's threads at once
class ChunkSource {
 public:
  ChunkSource() = default;
  ChunkSource(const ChunkSource&) = delete;
  ChunkSource& operator=(const ChunkSource&) = delete;
  virtual ~ChunkSource() = default;

  /// The next producer, or null when one more thread would find nothing to do.
  virtual std::unique_ptr<ChunkProducer> make_producer() = 0;
  /// How many producers can be of use at the same time.
  [[nodiscard]] virtual unsigned max_producers() const = 0;
  /// Rows expected, for DuckDB's planner; a guess.
  [[nodiscard]] virtual std::uint64_t expected_rows() const = 0;
};

/// INSERT INTO `into` SELECT * FROM (all that `source` produces), on as many threads as help.
/// @shape  `into` exists in the target with the columns of `shape`
/// @return rows inserted as DuckDB counts them
/// @error  the first exception of a producer, unchanged; else Error(kDestination)
std::uint64_t bulk_load(Session& session, const TableShape& shape, const TableName& into, ChunkSource& source);

/// Runs `statement(query)`, which writes the rows of `query` into Parquet files: all that `source` produces, in types
/// that such files hold.
/// @return rows, as DuckDB counts them
/// @error  as bulk_load
std::uint64_t load_into(Session& session, const TableShape& shape, ChunkSource& source,
                        const std::function<std::string(const std::string& query)>& statement);

/// Creates the table `as` and loads all that `source` produces into it, in batches where the dialect wants them.
/// @shape  nothing is called `as`, nor was since the session began: a remote catalog is remembered here, and rows for a
///         table that was dropped by text go nowhere, without an error (DuckDB 1.5.5). Its schema is older than the
///         session.
/// @return rows loaded, as DuckDB counts them
/// @error  as bulk_load; what is left of the table is for the caller to drop
std::uint64_t stage(Session& session, const TableShape& shape, const TableName& as, ChunkSource& source);

/// Runs `source` to its end and throws its rows away.
/// @error as bulk_load
void read_only(Session& session, const TableShape& shape, ChunkSource& source);

}  // namespace pg2duck::destination
