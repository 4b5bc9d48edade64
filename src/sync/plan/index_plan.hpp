#pragma once

#include <vector>

#include "source/session/connection.hpp"
#include "sync/plan/plan.hpp"

namespace pg2duck::sync {

/// Asks Postgres how it would find the rows of each cursor. A table whose rows an index finds is read in one piece:
/// each range of blocks would search the index anew. A big one without such an index gets a note in its plan. What a
/// copy appends is then sorted by its cursor.
/// @shape the conditions of the tables are sound SQL
void plan_index_use(source::Connection& session, std::vector<TableJob>& plan);

}  // namespace pg2duck::sync
