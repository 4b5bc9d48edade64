#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/options.hpp"
#include "destination/ledger/cursor_state.hpp"
#include "destination/ledger/ledger.hpp"
#include "destination/publish/change.hpp"
#include "destination/publish/publish.hpp"
#include "source/catalog/catalog.hpp"
#include "source/read/page_access.hpp"
#include "source/read/page_reader.hpp"
#include "source/read/ranges.hpp"
#include "sync/plan/column_plan.hpp"
#include "sync/plan/increment.hpp"
#include "sync/plan/schema_change.hpp"
#include "sync/plan/selection.hpp"
#include "sync/report.hpp"

namespace pg2duck::sync {

/// Everything needed to copy one table, decided before a row is read.
struct TableJob {
  source::CatalogTable table;
  config::TableSettings settings;
  destination::TableShape shape;
  std::vector<ColumnJob> columns;   ///< of the SELECT; as many as the shape has, but none for a table without columns
  bool leaves_columns_out = false;  ///< because a rule says so
  std::string condition;            ///< SQL of the rows that are wanted; empty: all
  std::string settings_condition;   ///< what of it the user wrote
  std::string order;                ///< SQL of what its rows are sorted by, read in one piece; empty: nothing
  ColumnHistory history;            ///< of the columns, against the copy that is there
  bool cursor_known = false;        ///< the ledger has one for its copy
  std::optional<Increment> increment;              ///< its copy is kept up rather than replaced
  std::optional<destination::TableChange> change;  ///< of such a copy, when the rows are staged
  std::vector<source::ReadRange> ranges;
  std::optional<source::PageSource> pages;  ///< set: the ranges are read as pages, and every column has a heap type
  TableName staged;
  TablePlan plan;
  /// Why this table cannot be copied; the other members are incomplete then.
  std::optional<Error> refusal;
};

/// What the target holds already.
struct TargetState {
  destination::Contents objects;                        ///< by folded names
  std::map<TableName, destination::TableState> tables;  ///< the ledger's view, by target name
  std::map<TableName, destination::CursorState> cursors;
  bool has_ledger = false;  ///< with all its tables
  std::uint64_t runs = 0;   ///< that the ledger has seen

  /// What the ledger says of a table that is still there; nullptr: nothing, or it is gone.
  [[nodiscard]] const destination::TableState* find_copy(const TableName& target) const;
};

struct PlanInputs {
  const config::CopyOptions& options;
  const source::Catalog& catalog;  ///< in the order of `selection`
  const std::vector<Selected>& selection;
  const TargetState& target;
  unsigned readers = 2;
  unsigned block_bytes = 8192;
  int server_version = 150000;
  source::PageAccess page_access{};
  decode::SnapshotBounds snapshot_bounds{};  ///< when pages can be read
  std::map<types::Oid, source::Heap> heaps;  ///< of the leaves whose pages could be read
};

/// One job per selected table, biggest first. Refusals are in the jobs, nothing is thrown for them.
/// @error Error(kConfig) for a column rule or a row filter that speaks of nothing that is copied
std::vector<TableJob> make_plan(const PlanInputs& inputs);

/// The one column of a table that has none in Postgres: DuckDB has no tables without columns.
inline constexpr const char* kNoColumns = "_pg2duck_no_columns";

}  // namespace pg2duck::sync
