#pragma once

#include "cli/arguments.hpp"

namespace pg2duck {

/// `pg2duck copy`, `sync` and `plan`, which differ in where their options come from: runs the copy, shows its progress
/// and its result.
/// @return the exit code
int run_command(const cli::Command& command);

}  // namespace pg2duck
