#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/identifier.hpp"
#include "source/session/connection.hpp"

namespace pg2duck::source {

/// Pages of heaps and indexes that Postgres would read to count the rows of `table` for which `condition` (SQL; empty:
/// all) holds, as EXPLAIN plans it: of an index-only scan those of the index, and of the heap those that are not
/// all-visible. Unset: it does not get them from heaps alone.
std::optional<std::uint64_t> pages_to_count(Connection& connection, const TableName& table,
                                            const std::string& condition);

/// The rows themselves, as the transaction sees them.
std::uint64_t count_rows(Connection& connection, const TableName& table, const std::string& condition);

}  // namespace pg2duck::source
