#pragma once

#include <map>
#include <set>
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

/// A column of the copy that takes a new type if all of its values can be cast.
struct TrialCast {
  std::string column;  ///< by its name in the copy before it is renamed
  std::string type;
};

/// What the target has to be asked before a plan is made.
std::vector<TrialCast> trial_casts(const TableJob& job, const std::vector<PlannedColumn>& columns,
                                   const CopyColumns& existing);

/// What makes the copy fit the staged rows.
struct AlterationPlan {
  destination::Alterations alterations;
  std::map<std::string, std::string> held_types;  ///< of columns that keep a wider type, by name
};

/// `unfit`: columns of the trial casts that hold values which would be lost.
/// @pre   the job changes a copy
/// @error Error(kConfig) that names the way out when the rows that are there cannot follow
AlterationPlan plan_alterations(const TableJob& job, const std::vector<PlannedColumn>& columns,
                                const CopyColumns& existing, const std::set<std::string>& unfit);

}  // namespace pg2duck::sync
