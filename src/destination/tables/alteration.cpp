#include "destination/tables/alteration.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace pg2duck::destination {
namespace {

/// Holds names that change places.
constexpr const char* kPassingName = "_pg2duck_renamed_";

/// Whether a new name is among the old ones.
bool share_names(const std::vector<std::pair<std::string, std::string>>& renamed) {
  return std::ranges::any_of(renamed, [&renamed](const auto& one) {
    return std::ranges::any_of(renamed,
                               [&one](const auto& other) { return fold_case(one.second) == fold_case(other.first); });
  });
}

}  // namespace

std::vector<ExistingColumn> existing_columns(Session& session, const TableName& table) {
  // duckdb_columns() would look at every view of the system.
  const Rows found =
      session.query("SELECT column_name, column_type, \"null\" FROM (DESCRIBE " + target_name(session, table) + ")");
  std::vector<ExistingColumn> columns;
  for (const auto& row : found.rows) {
    columns.push_back(
        {.name = row[0].value_or(""), .type = row[1].value_or(""), .not_null = row[2].value_or("YES") == "NO"});
  }
  return columns;
}

std::vector<Statement> alter_statements(const Session& session, const TableName& table,
                                        const Alterations& alterations) {
  std::vector<Statement> statements;
  const auto add = [&](const std::string& column, const std::string& change) {
    statements.push_back({.sql = "ALTER TABLE " + target_name(session, table) + " " + change,
                          .where = fmt::format("table {}, column {}: {}", table.display(), column, change)});
  };
  const auto rename = [&](const std::string& from, const std::string& to, const std::string& shown) {
    add(shown, fmt::format("RENAME COLUMN {} TO {}", quote_identifier(from), quote_identifier(to)));
  };
  // Where they change places, or differ only in case, all go to names that nobody has first.
  const bool in_passing = share_names(alterations.renamed);
  for (std::size_t i = 0; i < alterations.renamed.size(); ++i) {
    const auto& [old, fresh] = alterations.renamed[i];
    rename(old, in_passing ? kPassingName + std::to_string(i) : fresh, old);
  }
  for (std::size_t i = 0; in_passing && i < alterations.renamed.size(); ++i) {
    const auto& [old, fresh] = alterations.renamed[i];
    rename(kPassingName + std::to_string(i), fresh, old);
  }
  for (const std::string& column : alterations.nullable) {
    add(column, fmt::format("ALTER COLUMN {} DROP NOT NULL", quote_identifier(column)));
  }
  for (const auto& [column, type] : alterations.retyped) {
    add(column, fmt::format("ALTER COLUMN {} SET DATA TYPE {}", quote_identifier(column), type));
  }
  for (const ColumnShape& column : alterations.added) {
    add(column.name,
        fmt::format("ADD COLUMN {} {}", quote_identifier(column.name), target_type(session, column).sql()));
  }
  return statements;
}

std::int64_t count_unfit(Session& session, const TableName& table, const std::string& column, const std::string& type) {
  return session.query_int(
      fmt::format("SELECT count(*) FROM {0} WHERE {1} IS NOT NULL AND TRY_CAST({1} AS {2}) IS NULL",
                  target_name(session, table), quote_identifier(column), type));
}

}  // namespace pg2duck::destination
