#pragma once

#include <string>

#include "source/catalog/catalog.hpp"
#include "source/read/ranges.hpp"
#include "source/session/connection.hpp"

namespace pg2duck::source {

/// Whether each heap of the table has a valid index, btree or brin, that begins with `column` and covers all rows.
bool has_index(Connection& connection, const CatalogTable& table, const std::string& column);

/// Whether Postgres would look at every row of some heap to find what `request` wants of the whole table.
/// @shape the request's condition is sound SQL
bool scans_all_rows(Connection& connection, const CatalogTable& table, const ReadRequest& request);

}  // namespace pg2duck::source
