#include "source/catalog/column_statistics.hpp"

#include <cstdlib>

#include "source/catalog/type_catalog.hpp"

namespace pg2duck::source {

StatisticsOfColumns read_column_statistics(Connection& connection, const std::vector<types::Oid>& tables) {
  // A table with parts has two rows for a column: without its parts, and, inherited, with them; the latter wins.
  const Result rows = connection.query(
      "SELECT c.oid, s.attname, s.n_distinct, s.null_frac, s.avg_width"
      " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
      " JOIN pg_catalog.pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname"
      " WHERE c.oid = ANY (" +
      oid_array(tables) + ") ORDER BY s.inherited");
  StatisticsOfColumns statistics;
  const auto number = [&rows](std::size_t row, std::size_t column) {
    return std::strtod(rows.text(row, column).c_str(), nullptr);
  };
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    statistics[static_cast<types::Oid>(rows.integer(row, 0))][rows.text(row, 1)] = {
        .distinct = number(row, 2),
        .null_fraction = number(row, 3),
        .average_bytes = static_cast<std::int32_t>(rows.integer(row, 4))};
  }
  return statistics;
}

}  // namespace pg2duck::source
