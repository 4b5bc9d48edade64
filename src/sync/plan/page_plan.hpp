#pragma once

#include <optional>
#include <string>

#include "source/read/page_reader.hpp"
#include "sync/plan/cursor_plan.hpp"
#include "sync/plan/plan_inputs.hpp"
#include "sync/plan/planned_column.hpp"

namespace pg2duck::sync {

/// Whether plan_pages may choose the pages of this table, so that it is worth to ask the server what it needs to know.
bool could_read_pages(const TableInputs& inputs);

/// Whether the pages of a table's heaps are read instead of its rows.
struct PagePlan {
  std::optional<source::PageSource> source;  ///< set: they are, and every column has a heap type
  std::string refusal;                       ///< else why not
};

/// `leaves_out`: a rule leaves columns out.
PagePlan plan_pages(const TableInputs& inputs, const std::vector<PlannedColumn>& columns, bool leaves_out,
                    const WantedRows& rows);

}  // namespace pg2duck::sync
