#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sync/report.hpp"

namespace pg2duck::cli {

/// "published", "partial" (some tables left out), "planned" (--dry-run), "interrupted" or "failed".
std::string_view run_status(const sync::RunReport& report, bool dry_run, int exit_code);

/// The report as one JSON document, indented, with a final newline. Bytes that are not UTF-8 become U+FFFD.
/// With `dry_run` it also holds the plan.
std::string report_json(const sync::RunReport& report, const std::vector<sync::TablePlan>& plan, bool dry_run,
                        int exit_code);

}  // namespace pg2duck::cli
