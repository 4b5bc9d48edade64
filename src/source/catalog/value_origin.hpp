#pragma once

#include <string>

#include "source/catalog/catalog.hpp"
#include "types/pg_type.hpp"

namespace pg2duck::source {

/// What besides the name of its type makes the values of a column: labels of enums, fields of composites, base types of
/// domains, the expression of a generated column, the query of a view, and when it was written anew as a whole.
/// @shape a fact a line, for `origin_change`; the ledger keeps it
std::string value_origin(const CatalogTable& table, const CatalogColumn& column, const types::TypeCatalog& types);

/// What `origin_change` says of all columns of a view.
inline constexpr const char* kOtherQuery = "the view has another query now";

/// Why values of rows that did not change may be others than when `was` was true, as a clause for people: "label red is
/// crimson now". Both are of the same column of the same table.
/// @param altered whether the column was renamed, or may be NULL where it might not, or the reverse: its row of
///                pg_attribute is another one then, whether or not its values were written anew
/// @return empty: they are the same
std::string origin_change(const std::string& was, const std::string& now, bool altered);

}  // namespace pg2duck::source
