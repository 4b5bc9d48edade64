#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "source/read/page_reader.hpp"
#include "source/read/ranges.hpp"
#include "sync/plan/planned_column.hpp"
#include "sync/plan/table_job.hpp"

namespace pg2duck::sync {

/// One pass over rows of a table: what is selected of them, and where they are read.
struct Reading {
  TableName table;                     ///< in Postgres
  std::vector<PlannedColumn> columns;  ///< of the staged table
  std::string condition;               ///< SQL of the rows that are wanted; empty: all
  std::string order;                   ///< SQL of what they are sorted by; empty: nothing
  std::vector<source::ReadRange> ranges;
  std::optional<source::PageSource> pages;  ///< set: the ranges are read as pages, and every column has a heap type
  double estimated_rows = -1;               ///< of the table; -1: unknown
  std::uint64_t bytes = 0;                  ///< of the table

  [[nodiscard]] source::ReadRequest request(std::optional<std::uint64_t> limit) const;
};

/// The rows that a table's plan wants.
Reading reading_of(const TableJob& job);

/// SQL of the rows that the copy is to hold: those that are copied, without those that are marked as deleted.
std::string kept_rows_of(const TableJob& job);

/// The keys of all rows that the copy is to hold.
/// @pre the plan wants them
Reading key_reading_of(const TableJob& job);

/// Some rows of `reading`, of those columns only whose type depends on their values: NULL where they do not fit.
Reading sample_of(const Reading& reading);

}  // namespace pg2duck::sync
