#pragma once

#include <optional>

#include "base/error.hpp"
#include "base/identifier.hpp"
#include "source/read/ranges.hpp"
#include "source/session/connection.hpp"

namespace pg2duck::source {

/// Has Postgres look at what somebody wrote himself, before any row is read: the expressions that `request` selects,
/// and its condition, which must be one condition and no piece of SQL that ends ours.
/// @return what Postgres says against them; the transaction goes on
/// @error  of a lost server or an interrupt
std::optional<Error> find_fault(Connection& connection, const TableName& table, const ReadRequest& request);

}  // namespace pg2duck::source
