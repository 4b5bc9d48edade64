#pragma once

#include <string>
#include <vector>

#include "config/options.hpp"
#include "sync/report.hpp"

namespace pg2duck::cli {

/// A pg2duck.toml for the tables of `plan`: what was asked for as values, everything else as comments that say what a
/// setting needs and what holds without it. A password becomes a reference to an environment variable.
std::string configuration_text(const config::CopyOptions& options, const std::vector<sync::TablePlan>& plan,
                               const sync::RunReport& report);

}  // namespace pg2duck::cli
