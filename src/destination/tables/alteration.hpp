#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/identifier.hpp"
#include "destination/session/session.hpp"
#include "destination/tables/table_ddl.hpp"

namespace pg2duck::destination {

/// A column as a table of the target has it.
struct ExistingColumn {
  std::string name;
  std::string type;  ///< as the target writes it
  bool not_null = false;
};

/// In their order.
/// @error Error(kDestination) when there is no such table
std::vector<ExistingColumn> existing_columns(Session& session, const TableName& table);

/// What makes a table that stays fit for rows of another shape.
struct Alterations {
  std::vector<std::pair<std::string, std::string>> renamed;  ///< old name, new one; the new ones may be among the old
  std::vector<std::pair<std::string, std::string>> retyped;  ///< column by its new name, type as SQL
  std::vector<std::string> nullable;                         ///< by new name: may be NULL from now on
  std::vector<ColumnShape> added;                            ///< NULL in the rows that are there
  std::vector<std::string> existing;                         ///< all that it has before that, by new name
};

/// The statements of `alterations` in an order that works, for one transaction. A failure names column and change.
std::vector<Statement> alter_statements(const Session& session, const TableName& table, const Alterations& alterations);

/// How many values of a column are lost when it is cast to `type`.
std::int64_t count_unfit(Session& session, const TableName& table, const std::string& column, const std::string& type);

}  // namespace pg2duck::destination
