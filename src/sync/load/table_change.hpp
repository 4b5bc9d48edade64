#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "destination/publish/change.hpp"
#include "destination/session/database.hpp"
#include "destination/tables/alteration.hpp"
#include "sync/plan/table_job.hpp"

namespace pg2duck::sync {

/// The tables that are staged for one table. They stand in the target from the moment they are named here.
struct StagedTables {
  TableName rows;
  std::optional<TableName> keys;  ///< of all rows that the source has
};

/// How the staged rows of `columns` go into the copy, as far as that does not depend on what is there.
/// @pre   the plan keeps the copy up
/// @error Error(kConfig): a key has, by its values, a type by which rows cannot be told apart
destination::TableChange change_of(const TableJob& job, const std::vector<PlannedColumn>& columns,
                                   const StagedTables& staged, const types::TypeCatalog& types);

/// A change that fits the copy.
struct FittedChange {
  destination::TableChange change;
  std::map<std::string, std::string> held_types;  ///< of columns that keep another type in the copy, by name
  std::vector<destination::RetypedColumn> retyped;

  /// Whether numbers become text. Rows that stay get the digits of their DECIMAL, not those that Postgres prints.
  [[nodiscard]] bool writes_numbers() const;
};

/// Holds the staged rows to the copy that is there.
/// @pre   as change_of
/// @error Error(kConfig): a type has changed, keys are not unique, the copy holds no versions or should hold none
FittedChange fit_change(const TableJob& job, const std::vector<PlannedColumn>& columns, const StagedTables& staged,
                        const types::TypeCatalog& types, destination::Session& session);

}  // namespace pg2duck::sync
