#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/identifier.hpp"
#include "destination/session/session.hpp"
#include "destination/tables/table_ddl.hpp"
#include "types/canonical_form.hpp"

namespace pg2duck::destination {

/// How staged rows go into a table that stays.
enum class ChangeKind {
  kAppend,        ///< all of them are added
  kUpsert,        ///< rows with the same key are updated, the others added
  kDeleteInsert,  ///< rows with the same key are deleted, then all are added
  kInsertOnly,    ///< only rows whose key is not there are added
  kVersions,      ///< those that are not there as they are become versions; what they replace has ended
};

/// The two columns that say when a version was valid, and the time of this run's snapshot.
struct ValidityColumns {
  std::string from;  ///< name of a TIMESTAMPTZ column
  std::string to;    ///< the same; NULL in it: the version is valid still
  std::string at;    ///< ISO 8601 with offset
};

/// One table's change.
struct TableChange {
  ChangeKind kind = ChangeKind::kAppend;
  TableName staged;
  TableShape shape;                    ///< of the staged rows; shape.name is the table that they go into
  std::vector<Statement> alterations;  ///< what makes that table fit them first (destination/tables/alteration.hpp)
  std::vector<std::pair<std::string, std::string>> renamed;  ///< of them: columns of that table, old name and new
  std::vector<std::string> existing;  ///< columns that this table has before that, by their names after it
  std::vector<std::string> key;       ///< of a merge. NULL equals NULL. kVersions may do without
  /// Of key columns whose values DuckDB tells apart otherwise than Postgres, by name: what they are compared as.
  std::map<std::string, types::CanonicalForm> forms;
  /// A merge: rows in which it is true (or, not being boolean, set) delete the row of their key. Empty: none does.
  std::string hard_delete;
  /// A merge: of several staged rows with one key, the one with the maximum value counts. Empty: keys are unique.
  std::string newest_by;
  /// An append: the column by which rows were chosen. Rows that are there already are not added again. Empty: all are.
  std::string boundary;
  /// A merge: a staged table of all keys that there are; rows whose key is not in it go. Its name is empty: they stay.
  TableName present;
  ValidityColumns validity;  ///< of kVersions
  /// kVersions: the staged rows are only a part, and say nothing of rows with keys that are not among theirs.
  bool partial = false;
};

/// What a change does to the rows of its table. Versions: those that begin are inserted, those that end are updated.
struct RowChanges {
  std::uint64_t inserted = 0;
  std::uint64_t updated = 0;  ///< they take what was read, whether it differs or not
  std::uint64_t deleted = 0;
};

/// The same with what there is before and afterwards.
struct ChangeCounts {
  RowChanges rows;
  std::uint64_t wanted = 0;  ///< staged rows that the table is to hold: of each key one, none that is marked as deleted
  std::uint64_t before = 0;  ///< rows; versions: those that are valid
  std::uint64_t after = 0;   ///< the same
};

}  // namespace pg2duck::destination
