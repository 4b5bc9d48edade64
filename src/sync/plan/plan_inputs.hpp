#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "config/options.hpp"
#include "decode/heap/tuple_visibility.hpp"
#include "destination/ledger/cursor_state.hpp"
#include "destination/ledger/ledger.hpp"
#include "destination/ledger/origin.hpp"
#include "destination/ledger/table_state.hpp"
#include "destination/tables/contents.hpp"
#include "destination/targets/dialect.hpp"
#include "source/catalog/catalog.hpp"
#include "source/read/page_access.hpp"
#include "sync/plan/selection.hpp"

namespace pg2duck::sync {

/// What the target holds already.
struct TargetState {
  destination::Contents objects;  ///< by folded names
  destination::LedgerForm ledger;
  std::map<TableName, destination::TableState> tables;  ///< the ledger's view, by target name
  std::map<TableName, destination::CursorState> cursors;
  destination::Origin source;                           ///< of the run
  std::map<TableName, destination::TableState> others;  ///< of `tables`, what is not the run's own; by folded names
  std::vector<std::string> expired_runs;                ///< that the ledger need not keep beside this one
  std::uint64_t ledger_row_groups = 0;                  ///< of `runs`, where the target supports a checkpoint
};

/// All that planning begins with: what the user wants, what both sides hold. Planning asks nobody; what it needs to
/// know beyond this is a value too (sync/plan/table_draft.hpp).
struct PlanInputs {
  const config::CopyOptions& options;
  const source::Catalog& catalog;  ///< in the order of `selection`
  const std::vector<Selected>& selection;
  const TargetState& target;
  destination::Capabilities supports;  ///< the target's
  std::string staged_prefix;           ///< that the names of this run's staged tables begin with
  std::string taken_at;                ///< when the snapshot was taken, ISO 8601 with offset
  unsigned readers = 2;
  unsigned block_bytes = 8192;
  int server_version = 150000;
  source::PageAccess page_access{};
  decode::SnapshotBounds snapshot_bounds{};  ///< when pages can be read
  std::map<types::Oid, source::Heap> heaps;  ///< of the leaves whose pages could be read
};

/// The part of the inputs that is about one table.
struct TableInputs {
  const PlanInputs& run;
  const source::CatalogTable& table;
  const TableName& target;
  config::TableSettings settings;
  const destination::TableState* known = nullptr;    ///< what the ledger says of the target's name; null: nothing
  const destination::TableState* copy = nullptr;     ///< the same, when there is such a table still; else null
  const destination::TableState* other = nullptr;    ///< of a copy there that is not the run's own; null: none is
  const destination::CursorState* cursor = nullptr;  ///< null: the ledger has none

  /// The copy, when the ledger knows which columns of the source it was made of; else null.
  [[nodiscard]] const destination::TableState* tracked_copy() const;

  [[nodiscard]] const config::Disposition& disposition() const { return settings.disposition; }

  /// Whether rows of earlier runs are wanted in the copy: all modes but replace.
  [[nodiscard]] bool keeps_rows() const { return disposition().mode != config::Mode::kReplace; }
};

/// @pre `index` is of the selection
TableInputs inputs_of(const PlanInputs& run, std::size_t index);

/// The column of a table in Postgres; null: there is none of this name.
const source::CatalogColumn* find_column(const source::CatalogTable& table, const std::string& name);

/// An Error(kConfig): what a table's settings say cannot be done.
Error config_error(const std::string& message, std::string hint);

/// Tells that a full refresh is the way out; a copy that holds versions is not replaced by one.
std::string full_refresh_hint(const TableName& source, const TableName& target, bool holds_versions);

}  // namespace pg2duck::sync
