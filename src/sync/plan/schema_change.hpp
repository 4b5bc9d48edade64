#pragma once

#include <string>
#include <utility>
#include <vector>

#include "config/options.hpp"
#include "destination/ledger/ledger.hpp"
#include "destination/tables/alteration.hpp"
#include "source/catalog/catalog.hpp"
#include "sync/report.hpp"

namespace pg2duck::sync {

struct PlanInputs;
struct TableJob;
struct TargetState;

/// How the columns of a table relate to those that its copy was made of.
struct ColumnHistory {
  bool recreated = false;                                    ///< it is another table than then, of the same name
  bool retyped = false;                                      ///< a column has another type now
  std::vector<std::string> added;                            ///< source columns that are copied and were not there
  std::vector<std::string> ignored;                          ///< those that the policy leaves out
  std::vector<std::pair<std::string, std::string>> renamed;  ///< columns of the copy: old name, new name
  std::vector<std::pair<std::string, std::string>> source_renamed;  ///< of the source
  std::vector<std::string> left;                                    ///< columns of the copy that are not read any more
};

/// What the ledger knows of the columns of the table that `job` copies; null: none.
const destination::TableState* known_columns(const PlanInputs& inputs, const TableJob& job);

/// The same of one column: by its number in its table, or by its name in a table that was created anew. Null: it is
/// new.
const destination::ColumnState* known_column(const destination::TableState& known, const source::CatalogTable& table,
                                             const source::CatalogColumn& column);

/// Compares the planned columns of `job` with the ledger: fills its history, and the plan's schema changes.
void find_schema_changes(const PlanInputs& inputs, TableJob& job);

/// Where rows are read once more, says so of the changes that are why. The increment is planned.
void note_reading_again(TableJob& job);

/// @error Error(kSchemaDrift) when there are changes and the policy is to fail; Error(kConfig) when rows that stay in
///        the copy cannot take a column's new type
void check_schema_changes(const PlanInputs& inputs, const TableJob& job);

/// What makes the copy fit the staged rows of `job`; where a column keeps a wider type, the plan says so.
/// @error Error(kConfig) that names --full when the rows that are there cannot follow
destination::Alterations alterations_of(TableJob& job, destination::Session& session);

/// Tables with a copy that were read from this source, would be chosen again, and are not there under their names.
std::vector<GoneTable> find_gone_tables(const std::vector<source::RelationEntry>& relations, const TargetState& target,
                                        const config::CopyOptions& options, const std::string& origin);

/// Tells that a whole new copy is the way out.
std::string full_copy_hint(const TableJob& job);

}  // namespace pg2duck::sync
