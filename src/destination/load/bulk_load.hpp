#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "base/identifier.hpp"
#include "destination/session/session.hpp"
#include "destination/tables/table_ddl.hpp"
#include "engine/chunk_source.hpp"

namespace pg2duck::destination {

using engine::ChunkProducer;
using engine::ChunkSource;
using engine::kChunkRows;

/// What becomes of the rows of a load: SQL of one statement, made of what stands behind SELECT.
using LoadStatement = std::function<std::string(const std::string& query)>;

/// INSERT INTO `into` SELECT * FROM (all that `source` produces), on as many threads as help.
/// @pre    `into` exists in the target with the columns of `shape`
/// @return rows inserted as DuckDB counts them
/// @error  the first exception of a producer, unchanged; else Error(kDestination)
std::uint64_t bulk_load(Session& session, const TableShape& shape, const TableName& into, ChunkSource& source);

/// CREATE TABLE `as` AS the same.
/// @pre nothing is called `as`
std::uint64_t create_and_load(Session& session, const TableShape& shape, const TableName& as, ChunkSource& source);

/// Runs `statement(query)`, in which `query` is all that `source` produces as the target stores it.
/// @return rows, as DuckDB counts them
/// @error  as bulk_load
std::uint64_t load_by(Session& session, const TableShape& shape, ChunkSource& source, const LoadStatement& statement);

/// The same in types that Parquet files hold.
/// @param last rules for errors that neither the dialect nor DuckDB's own know
std::uint64_t load_into_files(Session& session, const TableShape& shape, ChunkSource& source,
                              const LoadStatement& statement, std::span<const engine::ErrorRule> last);

/// Runs `source` to its end and throws its rows away.
/// @error as bulk_load
void read_only(Session& session, const TableShape& shape, ChunkSource& source);

}  // namespace pg2duck::destination
