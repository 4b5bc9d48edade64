#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/identifier.hpp"
#include "destination/publish/table_change.hpp"
#include "destination/session/session.hpp"

namespace pg2duck::destination {

/// The statements that carry out `change` and drop the staged tables, for the publishing transaction.
std::vector<Statement> change_statements(const Session& session, const TableChange& change);

/// The statements that make the staged rows of an initial load a whole copy: of each key one row, by `newest_by`, and
/// none that `hard_delete` marks; versions get their columns. May be empty.
std::vector<Statement> initial_load_statements(const Session& session, const TableChange& change);

/// What `change` is about to do: both tables are asked, and neither is altered yet.
ChangeCounts count_changes(Session& session, const TableChange& change);

/// How many keys stand in more than one of the staged rows of `change`.
std::int64_t count_repeated_keys(Session& session, const TableChange& change);

/// How many versions of `change` begin after its snapshot.
std::int64_t count_later_versions(Session& session, const TableChange& change);

/// The values of `column` of the staged table `change.present` in rows whose key the copy lacks; NULLs are left out.
/// @return as many as `limit`, at the most
std::vector<std::string> find_missing(Session& session, const TableChange& change, const std::string& column,
                                      std::size_t limit);

}  // namespace pg2duck::destination
