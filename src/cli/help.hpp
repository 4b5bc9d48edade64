#pragma once

#include <string_view>

namespace pg2duck::cli {

/// What `pg2duck --help` prints.
std::string_view program_help();

/// What `pg2duck copy --help` prints: every option with its default and an example.
std::string_view copy_help();

}  // namespace pg2duck::cli
