#pragma once

#include <string>

#include "cli/grammar/command.hpp"

namespace pg2duck::cli {

/// What `pg2duck --help` prints.
std::string program_help();

/// What `pg2duck COMMAND --help` prints: every option of a command, in lines of at most 100 columns.
std::string command_help(Action action);

}  // namespace pg2duck::cli
