#pragma once

#include <string_view>

#include "cli/command_line.hpp"

namespace pg2duck::cli {

/// What `pg2duck --help` prints.
std::string_view program_help();

/// What `pg2duck COMMAND --help` prints: every option with its default and an example.
std::string_view command_help(Action action);

}  // namespace pg2duck::cli
