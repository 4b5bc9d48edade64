#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sync/plan/plan_inputs.hpp"
#include "sync/plan/planned_column.hpp"
#include "sync/report.hpp"

namespace pg2duck::sync {

/// How the columns of a table relate to those that its copy was made of.
struct ColumnHistory {
  bool recreated = false;  ///< it is another table than then, of the same name
  bool retyped = false;    ///< a column has another type now
  /// Source columns whose values may be others now in rows that did not change, and why.
  std::map<std::string, std::string> remade;
  std::vector<std::string> added;                            ///< source columns that are copied and were not there
  std::vector<std::pair<std::string, std::string>> renamed;  ///< columns of the copy: old name, new name
  std::vector<std::pair<std::string, std::string>> source_renamed;  ///< of the source
  std::vector<std::string> left;                                    ///< columns of the copy that are not read any more
};

/// A table compared with its copy.
struct Comparison {
  ColumnHistory history;
  std::vector<SchemaChange> changes;  ///< as people are told of them
};

/// What the ledger knows of a column: by its number in its table, or by its name in a table that was created anew.
/// Null: it is new.
const destination::ColumnState* known_column(const destination::TableState& known, const source::CatalogTable& table,
                                             const source::CatalogColumn& column);

/// The planned columns compared with those that the copy was made of; nothing where there is no copy that the ledger
/// knows. `ignored`: source columns that are new, and left out.
Comparison compare_with_copy(const TableInputs& inputs, const std::vector<PlannedColumn>& columns,
                             const std::vector<std::string>& ignored);

/// `changes`, where those that have rows re-read say so.
std::vector<SchemaChange> with_reread(std::vector<SchemaChange> changes, const config::Disposition& disposition);

/// The effect of a change that the target cannot make in place.
inline constexpr const char* kRewritten = "the target cannot alter it: all rows of the copy are written anew";

/// An Error(kSchemaDrift): there are changes, which nobody wants.
Error schema_drift(const std::vector<SchemaChange>& changes);

/// @error Error(kSchemaDrift) when there are changes and the policy is to fail
void check_policy(const TableInputs& inputs, const std::vector<SchemaChange>& changes);

/// How the rows that a copy has are to stand beside those of this run.
struct KeptRows {
  bool by_value = false;         ///< rows that are read again are known by their values: an append by a cursor
  std::vector<std::string> key;  ///< by which they are known, of source columns, in rows that stay as they are
  bool holds_versions = false;
};

/// A column of the copy whose values have no way into the type that it has now: it follows if it holds none.
struct TypeDoubt {
  std::string column;  ///< as the copy calls it
  std::string shown;   ///< by its new name
  types::DuckType type;
  std::string was;
};

/// The rows of an earlier run must be able to follow the columns.
/// @return what the copy has to be asked for that
/// @error Error(kConfig) that names the way out: --full, or new versions
std::vector<TypeDoubt> check_kept_rows(const TableInputs& inputs, const std::vector<PlannedColumn>& columns,
                                       const ColumnHistory& history, const KeptRows& rows);

}  // namespace pg2duck::sync
