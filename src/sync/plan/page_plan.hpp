#pragma once

#include <string>

#include "sync/plan/plan.hpp"

namespace pg2duck::sync {

/// Whether plan_pages may choose the pages of this table, so that it is worth to ask the server what it needs to know.
bool could_read_pages(const PlanInputs& inputs, const source::CatalogTable& table);

/// Decides whether the pages of the table's heaps are read instead of its rows, and fills `job.pages` and the columns'
/// heap types then.
/// @return why they are not; empty when they are
std::string plan_pages(const PlanInputs& inputs, TableJob& job);

}  // namespace pg2duck::sync
