#pragma once

#include "cli/arguments.hpp"

namespace pg2duck {

/// `pg2duck explain-config`: shows every effective value and where it comes from.
/// @return the exit code
int explain_config_command(const cli::Command& command);

}  // namespace pg2duck
