#pragma once

#include <map>
#include <string>
#include <vector>

#include "source/session/connection.hpp"
#include "types/compression.hpp"
#include "types/pg_type.hpp"

namespace pg2duck::source {

/// By the OID of the table and the name of the column.
using StatisticsOfColumns = std::map<types::Oid, std::map<std::string, types::ColumnStatistics>>;

/// What ANALYZE knows of the columns of `tables`, one query. Of a table with parts it is about all rows of all parts.
/// A column that was never analysed, or that the user may not read, is left out.
StatisticsOfColumns read_column_statistics(Connection& connection, const std::vector<types::Oid>& tables);

}  // namespace pg2duck::source
