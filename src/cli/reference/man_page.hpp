#pragma once

#include <string>

namespace pg2duck::cli {

/// The manual page pg2duck(1), in roff's macros `man`.
std::string man_page();

}  // namespace pg2duck::cli
