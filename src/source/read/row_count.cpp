#include "source/read/row_count.hpp"

#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace pg2duck::source {
namespace {

using Json = nlohmann::json;

std::string count_sql(const TableName& table, const std::string& condition) {
  return "SELECT pg_catalog.count(*) FROM " + table.quoted() + " AS " + quote_identifier(table.name) +
         (condition.empty() ? "" : " WHERE " + condition);
}

/// A scan of a plan. An index lies in the schema of its table.
struct Scan {
  TableName heap;
  std::string index;  ///< of an index-only scan; else empty
};

bool reads_heap(const std::string& type) {
  return type == "Seq Scan" || type == "Index Scan" || type == "Bitmap Heap Scan" || type == "Tid Range Scan";
}

/// @return false: something else than tables is read
bool collect(const Json& node, std::vector<Scan>& scans) {
  const std::string type = node.value("Node Type", "");
  const TableName heap{node.value("Schema", ""), node.value("Relation Name", "")};
  if (type == "Index Only Scan") {
    scans.push_back({.heap = heap, .index = node.value("Index Name", "")});
  } else if (reads_heap(type)) {
    scans.push_back({.heap = heap, .index = ""});
  } else if (type.ends_with("Scan") && type != "Bitmap Index Scan" && type != "Subquery Scan") {
    return false;
  }
  for (const Json& child : node.value("Plans", Json::array())) {
    if (!collect(child, scans)) {
      return false;
    }
  }
  return true;
}

std::string pages_sql(const std::vector<Scan>& scans) {
  std::vector<std::string> rows;
  for (const Scan& scan : scans) {
    rows.push_back(fmt::format("({}, {}, {})", quote_literal(scan.heap.schema), quote_literal(scan.heap.name),
                               quote_literal(scan.index)));
  }
  return fmt::format(
      "SELECT coalesce(sum(pages), 0)::pg_catalog.int8 FROM (SELECT CASE s.index WHEN '' THEN"
      " pg_catalog.pg_relation_size(c.oid) / b.size ELSE pg_catalog.pg_relation_size(i.oid) / b.size +"
      " greatest(c.relpages - c.relallvisible, 0) END AS pages FROM (VALUES {}) AS s (schema, heap, index)"
      " CROSS JOIN (SELECT current_setting('block_size')::pg_catalog.int8 AS size) AS b"
      " JOIN pg_catalog.pg_namespace n ON n.nspname = s.schema"
      " JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = s.heap"
      " LEFT JOIN pg_catalog.pg_class i ON i.relnamespace = n.oid AND i.relname = s.index) AS p",
      fmt::join(rows, ", "));
}

}  // namespace

std::optional<std::uint64_t> pages_to_count(Connection& connection, const TableName& table,
                                            const std::string& condition) {
  const Json plan = Json::parse(
      connection.query("EXPLAIN (FORMAT JSON, VERBOSE) " + count_sql(table, condition)).text(0, 0), nullptr, false);
  std::vector<Scan> scans;
  if (!plan.is_array() || plan.empty() || !collect(plan[0].value("Plan", Json::object()), scans)) {
    return std::nullopt;
  }
  return scans.empty() ? 0 : static_cast<std::uint64_t>(connection.query(pages_sql(scans)).integer(0, 0));
}

std::uint64_t count_rows(Connection& connection, const TableName& table, const std::string& condition) {
  return static_cast<std::uint64_t>(connection.query(count_sql(table, condition)).integer(0, 0));
}

}  // namespace pg2duck::source
