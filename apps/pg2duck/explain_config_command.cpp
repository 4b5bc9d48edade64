#include "explain_config_command.hpp"

#include <cerrno>
#include <cstdio>
#include <unistd.h>

#include "cli/report/explanation.hpp"
#include "cli/terminal/terminal.hpp"

namespace pg2duck {

int explain_config_command(const cli::Command& command) {
  const std::size_t width = isatty(STDOUT_FILENO) == 1 ? cli::terminal_size(STDOUT_FILENO).width : 0;
  const std::string text = command.request.json ? cli::explanation_json(command.explained, command.notices)
                                                : cli::render_explanation(command.explained, command.notices, width);
  return cli::write_all(STDOUT_FILENO, text) || errno == EPIPE ? 0 : 1;
}

}  // namespace pg2duck
