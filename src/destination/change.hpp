#pragma once

#include <string>
#include <vector>

#include "base/identifier.hpp"
#include "destination/database.hpp"
#include "destination/table_ddl.hpp"

namespace pg2duck::destination {

/// How staged rows go into a table that stays.
enum class ChangeKind {
  kAppend,        ///< all of them are added
  kUpsert,        ///< rows with the same key are updated, the others added
  kDeleteInsert,  ///< rows with the same key are deleted, then all are added
  kInsertOnly,    ///< only rows whose key is not there are added
};

/// One table's change.
struct TableChange {
  ChangeKind kind = ChangeKind::kAppend;
  TableName staged;
  TableShape shape;                   ///< of the staged rows; shape.name is the table that they go into
  std::vector<std::string> existing;  ///< columns that this table has; those of the shape that it lacks are added to it
  std::vector<std::string> key;       ///< of a merge. NULL equals NULL
  /// A merge: rows in which it is true (or, not being boolean, set) delete the row of their key. Empty: none does.
  std::string hard_delete;
  /// A merge: of several staged rows with one key, the one with the greatest value counts. Empty: keys are unique.
  std::string newest_by;
  /// An append: the column by which rows were chosen. Rows that hold the table's greatest value of it were read before;
  /// those of them that are there already are not added again. Empty: no row was read before.
  std::string boundary;
};

/// The statements that carry out `change` and drop the staged table, for the publishing transaction.
std::vector<Statement> change_statements(const Session& session, const TableChange& change);

/// The statements that make staged rows a whole first copy: of each key one row, by `newest_by`, and none that
/// `hard_delete` marks. May be empty.
std::vector<Statement> first_copy_statements(const Session& session, const TableChange& change);

/// How a staged table and the table that its rows go into fit together.
struct ColumnFit {
  std::vector<std::string> existing;  ///< columns of the latter
  std::vector<std::string> retyped;   ///< columns whose types differ, "total: DECIMAL(12,2), was DECIMAL(10,2)"
};

ColumnFit compare_columns(Session& session, const TableName& staged, const TableName& table);

/// How many keys stand in more than one row of a staged table.
std::int64_t count_repeated_keys(Session& session, const TableName& staged, const std::vector<std::string>& key);

}  // namespace pg2duck::destination
