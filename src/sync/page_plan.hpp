#pragma once

#include <string>

#include "sync/plan.hpp"

namespace pg2duck::sync {

/// Decides whether the pages of the table's heaps are read instead of its rows, and fills `job.pages` and the columns'
/// stored types then.
/// @return why they are not; empty when they are
std::string plan_pages(const PlanInputs& inputs, TableJob& job);

}  // namespace pg2duck::sync
