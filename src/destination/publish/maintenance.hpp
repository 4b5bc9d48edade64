#pragma once

#include <vector>

#include "base/error.hpp"
#include "config/maintenance.hpp"
#include "destination/session/database.hpp"

namespace pg2duck::destination {

/// @error Error(kConfig): a target of this kind has nothing of what `maintenance` asks for
void check_maintenance(const Dialect& dialect, const config::Maintenance& maintenance);

/// Does what `maintenance` asks for, and the checkpoint of a server that makes none by itself, to a target that a run
/// has just been published in, each part on its own: what fails is tried again as the dialect says, undoes nothing and
/// keeps nothing else from being done.
/// @return what failed, and how it is done by hand
std::vector<Error> maintain(Database& database, const config::Maintenance& maintenance);

}  // namespace pg2duck::destination
