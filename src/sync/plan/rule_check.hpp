#pragma once

#include "sync/plan/plan_inputs.hpp"

namespace pg2duck::sync {

/// Each rule and filter must be about something that is copied, or about a table that was copied once and may be gone.
/// @pre   no table is refused: that would be the more important error
/// @error Error(kConfig) with what may have been meant
void check_rules(const PlanInputs& inputs);

}  // namespace pg2duck::sync
