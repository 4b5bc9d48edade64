#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/identifier.hpp"
#include "destination/session/session.hpp"
#include "destination/tables/table_ddl.hpp"
#include "destination/tables/type_change.hpp"

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

/// A column that takes another type.
struct RetypedColumn {
  std::string name;  ///< its new one
  TypeChange change;
};

/// What makes a table that stays fit for rows of another shape.
struct Alterations {
  std::vector<std::pair<std::string, std::string>> renamed;  ///< old name, new one; the new ones may be among the old
  std::vector<RetypedColumn> retyped;
  std::vector<std::string> nullable;     ///< by new name: may be NULL from now on
  std::vector<ColumnShape> added;        ///< NULL in the rows that are there
  std::vector<ExistingColumn> existing;  ///< all that it has before that, by new name
};

/// The statements of `alterations` in an order that works, for one transaction. A failure names column and change.
/// A target that cannot alter a column so gets the table written anew, with all rows that are there.
/// @param shape    the table's, of the rows that are to come: comments and partitions
/// @param passing  a name that is free until the transaction ends, in the table's schema
std::vector<Statement> alter_statements(const Session& session, const TableShape& shape, const TableName& passing,
                                        const Alterations& alterations);

}  // namespace pg2duck::destination
