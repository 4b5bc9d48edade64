#pragma once

#include <string>
#include <vector>

#include "sync/plan/planned_column.hpp"
#include "sync/read/shared_scan.hpp"

namespace pg2duck::sync {

// Types that depend on values: what the values show, and the types that hold them.

/// Whether some column's type depends on values of which none has been seen yet.
bool needs_sample(const std::vector<PlannedColumn>& columns);

/// What a scan of `columns` has shown of those whose type depends on their values, in their order.
std::vector<types::ColumnProfile> seen_profiles(const std::vector<PlannedColumn>& columns,
                                                const std::vector<ColumnFindings>& findings);

/// `columns`, knowing what was seen: one profile for each of them whose type depends on its values.
std::vector<PlannedColumn> with_profiles(std::vector<PlannedColumn> columns,
                                         const std::vector<types::ColumnProfile>& seen);

/// `columns` of the copy `table` with types that hold what is known of their values.
/// @param final every value has been seen, and the types do not depend on values any more
std::vector<PlannedColumn> fitted(const types::TypeCatalog& catalog, const TableName& table,
                                  std::vector<PlannedColumn> columns, bool final);

/// The columns whose type has changed, "amount: DECIMAL(38,2) instead of DECIMAL(38,9)".
std::vector<std::string> type_changes(const std::vector<PlannedColumn>& before,
                                      const std::vector<PlannedColumn>& after);

}  // namespace pg2duck::sync
