#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sync/plan/compression_plan.hpp"
#include "sync/plan/cursor_position.hpp"
#include "sync/plan/table_draft.hpp"
#include "sync/plan/write_plan.hpp"
#include "sync/report.hpp"

namespace pg2duck::sync {

/// Everything needed to copy one table, decided before a row is read. Nothing of it changes afterwards.
struct TableJob {
  source::CatalogTable table;  ///< as the snapshot sees it
  config::TableSettings settings;
  std::vector<PlannedColumn> columns;
  std::optional<CursorPlan> cursor;  ///< unset: all rows are read
  ReadPlan read;
  std::optional<KeyPlan> keys;  ///< set: they are staged first
  WritePlan write;
  bool counts_source = false;  ///< the rows that the copy is to hold are counted at the source, beside what is read
  std::vector<SchemaChange> schema_changes;
  std::vector<std::string> warnings;
  std::optional<Error> refusal;  ///< why this table cannot be copied; other members may be incomplete then
};

/// What is learnt of one table by asking about its draft.
struct TableFacts {
  CursorFacts cursor;
  std::optional<Error> fault;  ///< what Postgres says against the expressions and conditions that it is to be read by
  std::vector<TypeDoubt> misfits;  ///< of the draft's doubts those that hold values
  IndexFacts index;
  std::optional<CompressionFacts> compression;  ///< unset: not wanted, or the target has no say in it
};

/// Drafts of all tables, biggest first: small tables then fill the gaps at the end.
/// @error Error(kConfig) for a rule or a filter that speaks of nothing that is copied
std::vector<TableDraft> draft_tables(const PlanInputs& inputs,
                                     const std::map<std::size_t, ExpressionFacts>& expressions);

/// The plan of one table. Throws nothing for a table that cannot be copied: that is its refusal.
/// @pre `number` differs from that of every other table of the run
TableJob finish_table(const PlanInputs& inputs, TableDraft draft, const TableFacts& facts, std::size_t number);

/// The plan of one table for people.
TablePlan describe(const TableJob& job);

}  // namespace pg2duck::sync
