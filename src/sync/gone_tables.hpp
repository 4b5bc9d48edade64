#pragma once

#include <string>
#include <vector>

#include "config/options.hpp"
#include "source/catalog/catalog.hpp"
#include "sync/plan/plan_inputs.hpp"
#include "sync/report.hpp"

namespace pg2duck::sync {

/// Tables with a copy of the run's own that would be chosen again, and are not there under their names.
std::vector<GoneTable> find_gone_tables(const std::vector<source::RelationEntry>& relations, const TargetState& target,
                                        const config::CopyOptions& options);

/// The tables of `gone` that must not be gone by their settings, refused.
/// @error the first of them, unless such a table is to be skipped
std::vector<TableReport> refuse_gone(const config::CopyOptions& options, const std::vector<GoneTable>& gone);

}  // namespace pg2duck::sync
