#include "destination/tables/stored_compression.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

#include "destination/tables/table_ddl.hpp"

namespace pg2duck::destination {

bool supports_text_compression(Session& session) {
  // Like "v1.0.0+". Those that are not known are later ones.
  constexpr std::array<std::string_view, 4> kVersions{"v0.", "v1.0.", "v1.1.", "v1.2."};
  const Rows found = session.query("SELECT tags['storage_version'] FROM duckdb_databases() WHERE database_name = " +
                                   quote_literal(session.catalog()));
  const std::string version = found.rows.at(0).at(0).value_or("");
  return std::ranges::any_of(kVersions, [&](std::string_view known) { return version.starts_with(known); });
}

std::map<std::string, types::StoredCompression> read_stored_compression(Session& session, const TableName& table) {
  if ((table.schema + table.name).find('"') != std::string::npos) {
    // DuckDB does not understand a quote in the name that this function is given.
    return {};
  }
  // The path of a column is [3], of what is inside of it [3, 1].
  const Rows found = session.query(
      "SELECT column_name, sum(count)::UBIGINT, (sum(count) FILTER (compression = 'Dictionary'))::UBIGINT,"
      " (sum(count) FILTER (compression = 'FSST'))::UBIGINT, count(*)::UBIGINT"
      " FROM pragma_storage_info(" +
      quote_literal(target_name(session, table)) +
      ") WHERE segment_type IN ('VARCHAR', 'JSON', 'BLOB') AND NOT contains(column_path, ',') GROUP BY column_name");
  std::map<std::string, types::StoredCompression> columns;
  for (const auto& row : found.rows) {
    const auto number = [&row](std::size_t column) {
      return std::strtoull(row[column].value_or("0").c_str(), nullptr, 10);
    };
    columns.emplace(
        row[0].value_or(""),
        types::StoredCompression{
            .rows = number(1), .dictionary_rows = number(2), .fsst_rows = number(3), .segments = number(4)});
  }
  return columns;
}

}  // namespace pg2duck::destination
