#pragma once

#include "cli/arguments.hpp"

namespace pg2duck {

/// `pg2duck init`: looks at the source and writes a configuration file for it.
/// @return the exit code
/// @error Error when the source cannot be read or the file is there already
int init_command(const cli::Command& command);

}  // namespace pg2duck
