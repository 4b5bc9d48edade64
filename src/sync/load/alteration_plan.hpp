#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "destination/tables/alteration.hpp"
#include "sync/plan/table_job.hpp"

namespace pg2duck::sync {

/// A table that stays, and the one whose rows are to go into it, as the target has them.
struct CopyColumns {
  std::vector<destination::ExistingColumn> copy;
  std::vector<destination::ExistingColumn> staged;
};

/// What the target is asked while a plan is made. Columns by the names that they have there.
struct CopyQuestions {
  /// Whether a column of the copy holds anything but NULL.
  std::function<bool(const std::string& column)> has_values;
  /// Whether a column of the copy, or of the staged rows, loses nothing by a change.
  std::function<bool(bool staged, const std::string& column, const destination::TypeChange& change)> all_fit;
};

/// What makes the copy fit the staged rows.
struct AlterationPlan {
  destination::Alterations alterations;
  std::map<std::string, std::string> held_types;  ///< of columns that keep another type than the staged rows, by name
};

/// @pre   the job changes a copy
/// @error Error(kConfig) that names the way out when the rows that are there cannot follow
AlterationPlan plan_alterations(const TableJob& job, const std::vector<PlannedColumn>& columns,
                                const CopyColumns& existing, const CopyQuestions& ask);

}  // namespace pg2duck::sync
