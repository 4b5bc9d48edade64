#pragma once

#include <string>
#include <vector>

#include "sync/plan/plan.hpp"

namespace pg2duck::sync {

/// The column of staged keys that says where a row stands which the cursor does not choose: "16384(0,1)".
inline constexpr const char* kPlaceColumn = "_pg2duck_place";
/// More rows than these are not fetched one by one.
inline constexpr std::size_t kMostFetched = 10000;

/// The keys of all rows that the copy of `job` is to hold, as a table to be staged beside it; rows that the cursor
/// leaves out have their place.
/// @shape the copy is merged by a cursor from its last value on, and has a key
TableJob key_part(const TableJob& job);

/// Has `job` read the rows at `places` too; all rows, when there are kMostFetched or more.
void add_missing(TableJob& job, const std::vector<std::string>& places);

/// The tables that are staged for `job`.
std::vector<TableName> staged_tables(const TableJob& job);

}  // namespace pg2duck::sync
