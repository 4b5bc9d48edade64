#include "destination/tables/contents.hpp"

#include <string>

namespace pg2duck::destination {

Contents list_contents(Session& session) {
  const std::string here = "() WHERE NOT internal AND database_name = " + quote_literal(session.catalog());
  const Rows found = session.query("SELECT schema_name, table_name, true AS is_table FROM duckdb_tables" + here +
                                   " UNION ALL SELECT schema_name, view_name, false FROM duckdb_views" + here);
  Contents contents;
  for (const auto& row : found.rows) {
    const bool is_table = row[2].value_or("true") == "true";
    contents.emplace(TableName{row[0].value_or(""), row[1].value_or("")},
                     is_table ? Existing::kTable : Existing::kView);
  }
  return contents;
}

Contents folded(const Contents& contents) {
  Contents objects;
  for (const auto& [name, existing] : contents) {
    objects.emplace(name.folded(), existing);
  }
  return objects;
}

}  // namespace pg2duck::destination
