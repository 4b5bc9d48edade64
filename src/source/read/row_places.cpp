#include "source/read/row_places.hpp"

#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/identifier.hpp"

namespace pg2duck::source {

std::string place_unless(const std::string& chosen) {
  return "CASE WHEN " + chosen + " THEN NULL ELSE tableoid::pg_catalog.text || ctid::pg_catalog.text END";
}

std::string marked_rows(const std::string& column, bool is_boolean) {
  return quote_identifier(column) + (is_boolean ? " IS TRUE" : " IS DISTINCT FROM NULL");
}

std::vector<ReadRange> ranges_at(const CatalogTable& table, const std::vector<std::string>& places) {
  std::map<std::string, std::vector<std::string>> ctids;  // by the OID of the heap; each in quotes
  for (const std::string& place : places) {
    const std::size_t bracket = place.find('(');
    ctids[place.substr(0, bracket)].push_back('"' + place.substr(bracket) + '"');
  }
  std::vector<ReadRange> ranges;
  for (const Leaf& leaf : table.leaves) {
    if (const auto found = ctids.find(std::to_string(leaf.oid)); found != ctids.end()) {
      const std::string array = fmt::format("{{{}}}", fmt::join(found->second, ","));
      ranges.push_back({.relation = leaf.name,
                        .oid = leaf.oid,
                        .only = true,
                        .first_block = std::nullopt,
                        .end_block = std::nullopt,
                        .bytes = 0,
                        .condition = "ctid = ANY (" + quote_literal(array) + "::pg_catalog.tid[])"});
    }
  }
  return ranges;
}

}  // namespace pg2duck::source
