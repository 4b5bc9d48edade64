#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/identifier.hpp"
#include "destination/ledger/cursor_state.hpp"
#include "destination/ledger/run_record.hpp"
#include "destination/ledger/table_state.hpp"
#include "destination/publish/change.hpp"
#include "destination/session/session.hpp"
#include "destination/tables/contents.hpp"
#include "destination/tables/table_ddl.hpp"

namespace pg2duck::destination {

/// A complete staged table and the name it takes.
struct StagedTable {
  TableName staged;
  TableShape shape;  ///< shape.name is the final name
};

struct Publication {
  std::vector<StagedTable> tables;
  std::vector<TableChange> changes;       ///< of tables that stay
  std::vector<CursorState> cursors;       ///< where they stand afterwards
  std::string last_sync_schema = "main";  ///< where last_sync_time lives
  bool replace_views = false;             ///< drop a view that stands where a table must go
  /// What stands in the target, by folded names; empty: it is asked, as somebody may have changed it.
  std::optional<Contents> objects;
  RunRecord run;
  std::vector<TableRunRecord> table_runs;
  std::vector<TableState> states;
  std::vector<std::string> expired_runs;  ///< that the ledger need not keep (retention.hpp)
};

/// Drops what the staged tables replace, renames them, writes last_sync_time and the ledger, all
/// in one transaction. `before_commit` runs after the last statement.
/// @return last_sync_time as recorded, ISO 8601 in UTC
/// @error  Error(kConflict) when a view stands in the way; on any error nothing is changed
std::string publish(Session& session, const Publication& publication, const std::function<void()>& before_commit);

/// Records a run that has published nothing, in a ledger that is made ready for it.
/// @param expired_runs that the ledger need not keep beside it
/// @error as find_ledger
void record_unpublished(Session& session, const RunRecord& run, const std::vector<TableRunRecord>& tables,
                        const std::vector<std::string>& expired_runs);

/// What publish returned, as the target holds it.
std::string read_last_sync_time(Session& session, const std::string& schema);

/// Drops staged tables that a dead run left behind, in all schemas. @return how many
std::size_t drop_leftovers(Session& session, const Contents& contents);

/// Schemas of `wanted` that do not exist yet are created. @return those
std::vector<std::string> create_schemas(Session& session, const std::vector<std::string>& wanted);
/// Drops those of `schemas` that hold nothing.
void drop_empty_schemas(Session& session, const std::vector<std::string>& schemas);

}  // namespace pg2duck::destination
