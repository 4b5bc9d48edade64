#pragma once

#include <string>
#include <vector>

#include "destination/session/database.hpp"
#include "source/session/connection.hpp"
#include "sync/plan/planned_column.hpp"
#include "sync/report.hpp"

namespace pg2duck::sync {

/// Which rows of a table are shown, of both sides.
struct PreviewRequest {
  TableName table;        ///< in Postgres
  TableName staged;       ///< in the target
  std::string condition;  ///< SQL of the rows that were read; empty: all
  const std::vector<PlannedColumn>& columns;
  std::vector<std::string> order;  ///< source columns by which the first rows are chosen; empty: as they come
  std::uint64_t rows = 0;
};

/// The first rows of both sides, in the same order as far as both sort alike.
/// @shape the staged table is complete; `source` is the snapshot's session
Preview take_preview(const PreviewRequest& request, source::Connection& source, destination::Session& target);

}  // namespace pg2duck::sync
