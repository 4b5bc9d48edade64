#include "destination/ledger/ledger_table.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "destination/tables/table_ddl.hpp"
#include "destination/targets/reserved_names.hpp"

namespace pg2duck::destination {
namespace {

constexpr std::size_t kRowsPerStatement = 1000;

/// What stands before names of the ledger's tables in LedgerColumn::before.
constexpr std::string_view kSchemaPrefix = "_pg2duck.";

std::string before_sql(const Session& session, const LedgerColumn& column) {
  std::string sql = column.before.empty() ? fmt::format("CAST(NULL AS {})", sql_type(column.type)) : column.before;
  for (std::size_t at = sql.find(kSchemaPrefix); at != std::string::npos; at = sql.find(kSchemaPrefix, at)) {
    const std::string schema = target_schema(session, kLedgerSchema) + ".";
    sql.replace(at, kSchemaPrefix.size(), schema);
    at += schema.size();
  }
  return sql;
}

/// DuckDB compares names without regard to the case of ASCII letters only; its lower() knows all letters.
std::string folded_sql(const std::string& expression) {
  return "translate(" + expression + ", 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')";
}

std::string column_sql(const LedgerColumn& column) {
  return fmt::format("{} {}", quote_identifier(column.name), sql_type(column.type));
}

}  // namespace

std::string ledger_name(const Session& session, const std::string& table) {
  return target_name(session, {kLedgerSchema, table});
}

Statement create_sql(const Session& session, const LedgerShape& shape, int version) {
  const bool plain = !shape.compressed && session.dialect().supports.compression;
  std::vector<std::string> columns;
  for (const LedgerColumn& column : shape.columns) {
    if (column.since <= version) {
      columns.push_back(column_sql(column) + (plain ? " USING COMPRESSION uncompressed" : ""));
    }
  }
  return {.sql = fmt::format("CREATE TABLE IF NOT EXISTS {} ({})", ledger_name(session, shape.name),
                             fmt::join(columns, ", "))};
}

std::vector<Statement> add_columns_sql(const Session& session, const LedgerShape& shape, int version) {
  const std::string table = ledger_name(session, shape.name);
  std::vector<Statement> statements;
  std::vector<std::string> values;
  for (const LedgerColumn& column : shape.columns) {
    if (shape.since < version && column.since == version) {
      statements.push_back(
          {.sql = fmt::format("ALTER TABLE {} ADD COLUMN IF NOT EXISTS {}", table, column_sql(column))});
      if (!column.before.empty()) {
        values.push_back(quote_identifier(column.name) + " = " + before_sql(session, column));
      }
    }
  }
  if (!values.empty()) {
    statements.push_back({.sql = fmt::format("UPDATE {} AS own SET {}", table, fmt::join(values, ", "))});
  }
  return statements;
}

std::vector<Statement> insert_sql(const Session& session, const LedgerShape& shape,
                                  const std::vector<std::string>& rows) {
  std::vector<std::string> names;
  std::ranges::transform(shape.columns, std::back_inserter(names),
                         [](const LedgerColumn& column) { return quote_identifier(column.name); });
  const std::string into =
      fmt::format("INSERT INTO {} ({}) VALUES ", ledger_name(session, shape.name), fmt::join(names, ", "));
  std::vector<Statement> statements;
  for (std::size_t first = 0; first < rows.size(); first += kRowsPerStatement) {
    std::string sql = into;
    for (std::size_t i = first; i < std::min(rows.size(), first + kRowsPerStatement); ++i) {
      sql += (i == first ? "(" : ", (") + rows[i] + ")";
    }
    statements.push_back({.sql = std::move(sql)});
  }
  return statements;
}

std::vector<Statement> delete_sql(const Session& session, const LedgerShape& shape,
                                  const std::vector<TableName>& tables) {
  std::vector<Statement> statements;
  for (std::size_t first = 0; first < tables.size(); first += kRowsPerStatement) {
    std::vector<std::string> names;
    for (std::size_t i = first; i < std::min(tables.size(), first + kRowsPerStatement); ++i) {
      names.push_back(fmt::format("({}, {})", sql_value(LedgerType::kText, fold_case(tables[i].schema)),
                                  sql_value(LedgerType::kText, fold_case(tables[i].name))));
    }
    statements.push_back(
        {.sql =
             fmt::format("DELETE FROM {} AS known USING (VALUES {}) AS fresh(schema, name) WHERE {} = fresh.schema AND "
                         "{} = fresh.name",
                         ledger_name(session, shape.name), fmt::join(names, ", "), folded_sql("known.schema"),
                         folded_sql("known.\"table\""))});
  }
  return statements;
}

std::string select_sql(const Session& session, const LedgerShape& shape, int version,
                       const std::vector<std::string>& expressions) {
  std::string from = ledger_name(session, shape.name);
  std::vector<std::string> added;
  for (const LedgerColumn& column : shape.columns) {
    if (column.since > version) {
      added.push_back(before_sql(session, column) + " AS " + quote_identifier(column.name));
    }
  }
  if (!added.empty()) {
    from = fmt::format("(SELECT own.*, {} FROM {} AS own)", fmt::join(added, ", "), from);
  }
  return fmt::format("SELECT {} FROM {}", fmt::join(expressions, ", "), from);
}

}  // namespace pg2duck::destination
