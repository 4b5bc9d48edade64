#pragma once

#include <string>
#include <string_view>

namespace pg2duck::cli {

/// A script by which a shell completes commands, options and their values.
/// @pre `shell` is one of cli::shells()
std::string completions(std::string_view shell);

}  // namespace pg2duck::cli
