#pragma once

#include "cli/command_line.hpp"
#include "config/environment.hpp"
#include "config/settings/layers.hpp"

namespace pg2duck::cli {

/// Where a command without SOURCE and TARGET takes its configuration from: the file of `--config`, else pg2duck.toml
/// in the working directory, else a dlt project there (config/dlt/project.hpp). The environment goes over it, and the
/// command line over both. `environment` tells an empty variable from one that is not set, as dlt does.
/// @error Error(kUsage) when there is none of these, or nothing names a target; Error(kConfig) of the files
config::Configuration load_project(const CommandLine& line, const config::Environment& environment);

/// `environment` without its empty variables, which count as not set everywhere but with dlt.
config::Environment set_variables(const config::Environment& environment);

}  // namespace pg2duck::cli
