#include "source/read/cursor_position.hpp"

#include "source/read/ranges.hpp"
#include "types/read_expression.hpp"

namespace pg2duck::source {
namespace {

/// With the table in front: a bare name would mean the text that is selected, and sort as text.
std::string column_of(const TableName& table, const std::string& column) {
  return quote_identifier(table.name) + "." + quote_identifier(column);
}

std::string rows_where(const TableName& table, const std::string& condition, const std::string& more) {
  return " FROM " + table.quoted() + " AS " + quote_identifier(table.name) + " WHERE " + condition +
         (more.empty() ? "" : " AND " + bracketed(more));
}

}  // namespace

bool has_rows(Connection& connection, const TableName& table, const std::string& condition) {
  return connection.query("SELECT 1" + rows_where(table, bracketed(condition), "") + " LIMIT 1").rows() > 0;
}

bool has_nulls(Connection& connection, const TableName& table, const std::string& column,
               const std::string& condition) {
  return has_rows(connection, table, both(column_of(table, column) + " IS NOT DISTINCT FROM NULL", condition));
}

bool is_true(Connection& connection, const std::string& expression) {
  return connection.query("SELECT " + expression).boolean(0, 0);
}

std::optional<std::string> maximum_of(Connection& connection, const TableName& table, const CursorColumn& column,
                                      const std::string& finite, const std::string& condition) {
  const std::string name = column_of(table, column.name);
  const std::string text = column.output_function.empty() ? name + "::pg_catalog.text"
                                                          : types::text_expression(column.output_function, name);
  const std::string order =
      column.greater.empty() ? name + " DESC" : name + "::" + column.operand + " USING " + column.greater;
  const Result maximum = connection.query(
      "SELECT " + text + rows_where(table, finite.empty() ? name + " IS DISTINCT FROM NULL" : finite, condition) +
      " ORDER BY " + order + " LIMIT 1");
  return maximum.rows() == 0 ? std::nullopt : std::optional(maximum.text(0, 0));
}

TransactionNumbers read_transaction_numbers(Connection& connection) {
  const Result now = connection.query(
      "SELECT pg_catalog.pg_snapshot_xmin(s.s), pg_catalog.pg_snapshot_xmax(s.s)"
      " FROM pg_catalog.pg_current_snapshot() s");
  return {.seen = now.text(0, 0), .next = now.text(0, 1)};
}

}  // namespace pg2duck::source
