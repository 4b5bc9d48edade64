#pragma once

#include <string>
#include <string_view>

#include "destination/publish/table_change.hpp"
#include "types/canonical_form.hpp"

namespace pg2duck::destination {

/// SQL for DuckDB of `value` (SQL) in `form`; NULL stays NULL.
std::string in_form(const types::CanonicalForm& form, const std::string& value);

/// The key columns of a change as SQL values, in the forms in which they can be compared: "a", rtrim("b", ' ').
std::string key_values(const TableChange& change);

/// SQL that is true for rows t of the table and s of the staged rows that have the same key. NULL equals NULL.
std::string same_key(const TableChange& change);

}  // namespace pg2duck::destination
