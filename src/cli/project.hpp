#pragma once

#include "cli/command_line.hpp"
#include "config/environment.hpp"
#include "config/layers.hpp"

namespace pg2duck::cli {

/// Where a command without SOURCE and TARGET takes its configuration from: the file of `--config`, else pg2duck.toml
/// in the working directory. The environment goes over it, and the command line over both.
/// @error Error(kUsage) when there is no such file, or nothing names a target; Error(kConfig) of the file
config::Configuration load_project(const CommandLine& line, const config::Environment& environment);

}  // namespace pg2duck::cli
