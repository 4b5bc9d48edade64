#pragma once

#include <vector>

#include "source/session/connection.hpp"

namespace pg2duck::sync {

struct TableJob;

/// Asks the snapshot where each cursor of `plan` stands now. A table whose cursor cannot be followed is refused.
/// @error Error of a lost server or an interrupt
void read_cursors(source::Connection& session, std::vector<TableJob>& plan);

}  // namespace pg2duck::sync
