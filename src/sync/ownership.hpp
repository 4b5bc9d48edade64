#pragma once

#include <vector>

#include "sync/plan/plan_inputs.hpp"
#include "sync/plan/selection.hpp"

namespace pg2duck::sync {

/// Sets apart what the ledger knows of copies that are not the run's own: those of another source than target.source,
/// and those of another table of it than the selection has for their name. What they have learnt, and how far their
/// cursors have come, is nothing that this run may go on with.
void set_others_apart(TargetState& target, const std::vector<Selected>& selection);

}  // namespace pg2duck::sync
