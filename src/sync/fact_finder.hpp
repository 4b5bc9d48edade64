#pragma once

#include <map>
#include <vector>

#include "destination/session/database.hpp"
#include "source/catalog/column_statistics.hpp"
#include "source/session/connection.hpp"
#include "sync/plan/table_job.hpp"

namespace pg2duck::sync {

/// What DuckDB says of the expressions that column rules give, by the table's index in the selection.
std::map<std::size_t, ExpressionFacts> find_expression_facts(const PlanInputs& inputs);

/// Asks both sides what the drafts of a run leave open.
///
/// @thread one caller
class FactFinder {
 public:
  /// `target`: null in a dry run on a target that is not there.
  /// @pre the arguments outlive this; `snapshot` is the session that holds it
  FactFinder(const PlanInputs& inputs, source::Connection& snapshot, destination::Session* target);

  /// Asks at once what can be asked of all tables together.
  void look_at_all(const std::vector<TableDraft>& drafts);

  /// What is to be known of one table. A question that Postgres refuses is an answer, too.
  /// @pre   it is not refused, and look_at_all has seen it
  /// @error of a lost server or an interrupt
  [[nodiscard]] TableFacts facts_of(const TableDraft& draft);

 private:
  [[nodiscard]] CursorFacts cursor_facts(const TableDraft& draft);
  [[nodiscard]] std::optional<Error> find_fault(const TableDraft& draft);
  [[nodiscard]] std::vector<TypeDoubt> misfits(const TableDraft& draft);
  [[nodiscard]] IndexFacts index_facts(const TableDraft& draft);
  [[nodiscard]] std::optional<CompressionFacts> compression_facts(const TableDraft& draft);

  const PlanInputs& inputs_;
  source::Connection& snapshot_;
  destination::Session* target_;
  bool knows_compression_ = false;  // the columns' compression can be named in the target
  source::StatisticsOfColumns statistics_;
};

}  // namespace pg2duck::sync
