#include "destination/tables/staged_table.hpp"

#include <ranges>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "destination/parquet/parquet_catalog.hpp"
#include "destination/tables/table_ddl.hpp"

namespace pg2duck::destination {
namespace {

/// What FROM reads its rows from: the table, or its files.
std::string rows_of(const Session& session, const TableName& staged) {
  ParquetCatalog* const files = session.files();
  return files == nullptr ? target_name(session, staged) : files->rows_of(session.connection(), staged);
}

}  // namespace

void drop_staged(Session& session, const TableName& staged) {
  session.execute("DROP TABLE IF EXISTS " + target_name(session, staged));
}

std::uint64_t count_rows(Session& session, const TableName& table) {
  return static_cast<std::uint64_t>(session.query_int("SELECT count(*) FROM " + rows_of(session, table)));
}

std::vector<std::vector<std::optional<std::string>>> read_first_rows(Session& session, const TableName& staged,
                                                                     const std::vector<std::string>& columns,
                                                                     const std::vector<std::string>& order,
                                                                     std::uint64_t limit) {
  const auto texts = columns | std::views::transform([](const std::string& column) {
                       return "CAST(" + quote_identifier(column) + " AS VARCHAR)";
                     });
  const auto keys = order | std::views::transform(quote_identifier);
  return session
      .query(fmt::format("SELECT {} FROM (SELECT * FROM {}{}{} LIMIT {}) AS p", fmt::join(texts, ", "),
                         rows_of(session, staged), keys.empty() ? "" : " ORDER BY ", fmt::join(keys, ", "), limit))
      .rows;
}

}  // namespace pg2duck::destination
