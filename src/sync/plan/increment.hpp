#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "destination/publish/table_change.hpp"
#include "sync/plan/plan_inputs.hpp"
#include "sync/plan/planned_column.hpp"
#include "sync/plan/schema_change.hpp"
#include "types/canonical_form.hpp"

namespace pg2duck::sync {

/// How the copy of a table is kept up instead of being replaced. Columns are those of the copy.
struct Increment {
  destination::ChangeKind kind = destination::ChangeKind::kAppend;
  bool initial_load = false;     ///< there is no copy yet, or a full refresh replaces it
  std::vector<std::string> key;  ///< of a merge
  std::string hard_delete;       ///< empty: none
  std::string newest_by;         ///< empty: none
  destination::ValidityColumns validity;
  /// Rows that the cursor has passed may have other values now, without a trace in it: all are re-read, or will be by
  /// the next run where this one is a backfill.
  bool reread = false;
  /// Rows that the copy has and the source has not are looked for, and the other way round.
  bool reconcile = false;

  [[nodiscard]] bool has_versions() const { return kind == destination::ChangeKind::kVersions; }

  /// Whether rows that were copied before take the values that they have now.
  [[nodiscard]] bool follows_changes() const;
};

/// What the disposition of a table makes of its copy; nothing: it is replaced.
/// @error Error(kConfig) that names the missing key, a column that is not there, what cannot be combined
std::optional<Increment> plan_increment(const TableInputs& inputs, const std::vector<PlannedColumn>& columns,
                                        const ColumnHistory& history);

/// Settings that only append or merge have a use for, in the plan of a table that is replaced; empty: there are none.
std::string idle_settings(const config::Disposition& disposition);

/// The name in the copy of column `source`, which a setting names.
/// @error Error(kConfig): it is not there, not copied, or transformed
std::string copied_column(const TableInputs& inputs, const std::vector<PlannedColumn>& columns,
                          const std::string& source, std::string_view setting);

/// What the columns of a key are compared as, by their names in the copy, where that is not their values as they are.
/// @error Error(kConfig): Postgres calls values of one equal that differ, and there is no form in which they do not
std::map<std::string, types::CanonicalForm> key_forms(const std::vector<PlannedColumn>& columns,
                                                      const std::vector<std::string>& key,
                                                      const types::TypeCatalog& types);

/// "did you mean updated_at? ", when the table has a column of about that name; else empty.
std::string nearest_column(const source::CatalogTable& table, const std::string& name);

/// The warning of an append that adds all rows in each run; empty: it does not, or that was asked for.
/// @error Error(kConfig): nobody has said that it should
std::string check_append_of_all(const TableInputs& inputs);

/// @error Error(kConfig): the copy holds versions, and `increment` would not keep them
void check_versions_are_kept(const TableInputs& inputs, const std::optional<Increment>& increment);

}  // namespace pg2duck::sync
