#pragma once

#include <string>

#include "base/error.hpp"

namespace pg2duck::cli {

/// What mends an error, for somebody at the command line: the error's own hint, or the options of the program that help
/// where the error comes from code which knows no options. Empty: nothing is known.
std::string hint_of(const Error& error);

}  // namespace pg2duck::cli
