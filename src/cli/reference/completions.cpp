#include "cli/reference/completions.hpp"

#include "cli/reference/shell_scripts.hpp"

namespace pg2duck::cli {

std::string completions(std::string_view shell) {
  return shell == "bash" ? bash_completions() : shell == "zsh" ? zsh_completions() : fish_completions();
}

}  // namespace pg2duck::cli
