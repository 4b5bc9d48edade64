#pragma once

#include <optional>
#include <string>

#include "base/identifier.hpp"
#include "source/session/connection.hpp"

namespace pg2duck::source {

// Where a cursor stands, as the snapshot of a session sees it. Conditions are SQL; they may call the table by its bare
// name, and an empty one holds for all rows.

/// The column of a cursor.
struct CursorColumn {
  std::string name;
  std::string greater;          ///< the operator of its type by which it is sorted; empty: pg_catalog's
  std::string operand;          ///< the type that this takes, as SQL
  std::string output_function;  ///< that prints it, as SQL; empty: a cast to text does the same
};

/// Whether the table has a row that `condition` is true for.
bool has_rows(Connection& connection, const TableName& table, const std::string& condition);

/// Whether the table has a row without a value in `column`, among those that `condition` holds for.
bool has_nulls(Connection& connection, const TableName& table, const std::string& column, const std::string& condition);

/// Whether an expression that reads no table is true.
bool is_true(Connection& connection, const std::string& expression);

/// The maximum value of `column` as text, over the rows for which `finite` and `condition` hold. An empty `finite`
/// leaves out NULLs only.
/// @return nullopt: there is no such row
std::optional<std::string> maximum_of(Connection& connection, const TableName& table, const CursorColumn& column,
                                      const std::string& finite, const std::string& condition);

/// Numbers of transactions, decimal of 64 bits.
struct TransactionNumbers {
  std::string seen;  ///< every transaction that the snapshot does not see has this number or a greater one
  std::string next;  ///< that the server gives to the next transaction
};

TransactionNumbers read_transaction_numbers(Connection& connection);

}  // namespace pg2duck::source
