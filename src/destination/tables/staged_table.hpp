#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/identifier.hpp"
#include "destination/session/session.hpp"

namespace pg2duck::destination {

// What a run asks of a table that it has staged.

/// Drops it, if it is there.
void drop_staged(Session& session, const TableName& staged);

/// Rows of a table, staged or not.
std::uint64_t count_rows(Session& session, const TableName& table);

/// `limit` rows of it at the most, its `columns` as text, NULL as nullopt: the first ones by the columns in `order`,
/// or, where that is empty, as they come.
std::vector<std::vector<std::optional<std::string>>> read_first_rows(Session& session, const TableName& staged,
                                                                     const std::vector<std::string>& columns,
                                                                     const std::vector<std::string>& order,
                                                                     std::uint64_t limit);

}  // namespace pg2duck::destination
