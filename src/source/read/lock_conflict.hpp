#pragma once

#include <vector>

#include "base/error.hpp"
#include "source/session/connection.hpp"
#include "types/pg_type.hpp"

namespace pg2duck::source {

/// Who stands in the way of an ACCESS SHARE lock on `tables` (or their partitions), as an Error(kConflict) that names
/// the pid, what it runs, and how to end it. Rolls the failed transaction back first.
Error lock_conflict(Connection& connection, const std::vector<types::Oid>& tables);

}  // namespace pg2duck::source
