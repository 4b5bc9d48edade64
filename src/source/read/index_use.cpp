#include "source/read/index_use.hpp"

#include "base/identifier.hpp"
#include "source/catalog/type_catalog.hpp"

namespace pg2duck::source {

bool has_index(Connection& connection, const CatalogTable& table, const std::string& column) {
  std::vector<types::Oid> heaps;
  for (const Leaf& leaf : table.leaves) {
    heaps.push_back(leaf.oid);
  }
  const Result found = connection.query(
      "SELECT count(DISTINCT i.indrelid) FROM pg_catalog.pg_index i"
      " JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]"
      " JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_am m ON m.oid = c.relam"
      " WHERE i.indrelid = ANY (" +
      oid_array(heaps) + ") AND i.indisvalid AND i.indpred IS NULL AND m.amname IN ('btree', 'brin')" +
      " AND a.attname = " + quote_literal(column));
  return static_cast<std::size_t>(found.integer(0, 0)) == heaps.size();
}

bool scans_all_rows(Connection& connection, const CatalogTable& table, const ReadRequest& request) {
  const Result lines = connection.query("EXPLAIN (COSTS OFF) " + select_sql(whole(table), request));
  for (std::size_t line = 0; line < lines.rows(); ++line) {
    std::string node = lines.text(line, 0);
    node.erase(0, node.find_first_not_of(" ->"));
    if (node.starts_with("Seq Scan") || node.starts_with("Parallel Seq Scan")) {
      return true;
    }
  }
  return false;
}

}  // namespace pg2duck::source
