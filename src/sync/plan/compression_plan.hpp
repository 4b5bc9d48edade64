#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sync/plan/table_draft.hpp"
#include "types/compression.hpp"

namespace pg2duck::sync {

/// What is known of how the columns of a table may be compressed.
struct CompressionFacts {
  std::map<std::string, types::ColumnStatistics> statistics;  ///< by column of the source
  std::map<std::string, types::StoredCompression> stored;     ///< by column of the copy that is there
};

/// Whether these facts are wanted of a table. A part of the rows is staged only to be put into a table that is there.
bool wants_compression_facts(const PlanInputs& inputs, const TableDraft& draft);

/// `columns` of a table of so many rows (below 0: unknown), each with how DuckDB compresses it, as the run's options
/// ask. Without facts it is left to DuckDB, unless the fastest is wanted.
std::vector<PlannedColumn> with_compression(const PlanInputs& inputs, std::vector<PlannedColumn> columns, double rows,
                                            const std::optional<CompressionFacts>& facts);

}  // namespace pg2duck::sync
