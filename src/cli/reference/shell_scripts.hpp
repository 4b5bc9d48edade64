#pragma once

#include <string>

namespace pg2duck::cli {

/// The scripts of completions(), each in the file of its shell.

std::string bash_completions();  ///< works without the package bash-completion
std::string zsh_completions();   ///< a file _pg2duck of fpath, or sourced
std::string fish_completions();

}  // namespace pg2duck::cli
