#pragma once

#include <map>

#include "base/identifier.hpp"
#include "destination/session/session.hpp"

namespace pg2duck::destination {

/// What stands at a name in the target.
enum class Existing { kTable, kView };

/// All tables and views of the target at one moment, staged ones and the ledger among them, as their names are written
/// there: DuckDB compares names without regard to case.
using Contents = std::map<TableName, Existing>;

/// One query for all of them.
Contents list_contents(Session& session);
/// `contents` by folded names.
Contents folded(const Contents& contents);

}  // namespace pg2duck::destination
