#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "sync/report.hpp"

namespace pg2duck::cli {

/// The report for people. Tables fit into `width` columns; 0 is unlimited (a pipe).

/// After a published run: a row a table, totals, where the time went, what was left out, how fresh the data is.
std::string render_summary(const sync::RunReport& report, std::size_t width);

/// Rows of both sides of each table that has a preview; empty when none has.
std::string render_previews(const sync::RunReport& report, std::size_t width);

/// What a dry run found: a row a table, columns that travel as text and why, what cannot be copied.
std::string render_plan(const std::vector<sync::TablePlan>& plan, const sync::RunReport& report, std::size_t width);

/// "error: what (SQLSTATE 42501)" and "hint: …" lines. Used for whatever ends the program.
std::string render_error(const Error& error, bool colour);

/// Everything of `report` that belongs on standard error. Tables that were left out are named only,
/// unless `detailed`: their reasons are in the summary.
std::string render_errors(const sync::RunReport& report, bool detailed, bool colour);

}  // namespace pg2duck::cli
