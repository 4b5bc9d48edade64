#pragma once

#include <vector>

#include "base/error.hpp"
#include "config/upkeep.hpp"
#include "destination/targets/database.hpp"

namespace pg2duck::destination {

/// @error Error(kConfig): a target of this kind has nothing of what `upkeep` asks for
void check_upkeep(const Dialect& dialect, const config::Upkeep& upkeep);

/// Does what `upkeep` asks for to a target that a run has just been published in, each part on its own: what fails is
/// tried again as the dialect says, undoes nothing and keeps nothing else from being done.
/// @return what failed, and how it is done by hand
std::vector<Error> keep_up(Database& database, const config::Upkeep& upkeep);

}  // namespace pg2duck::destination
