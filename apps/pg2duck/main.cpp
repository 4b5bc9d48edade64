#include <cstdio>
#include <exception>
#include <string>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/version.hpp"
#include "cli/arguments.hpp"
#include "cli/report/report.hpp"
#include "cli/terminal/terminal.hpp"
#include "engine/instance.hpp"
#include "explain_config_command.hpp"
#include "init_command.hpp"
#include "run_command.hpp"
#include "source/session/connection_info.hpp"

namespace pg2duck {
namespace {

/// A core file would hold the password and rows of the source.
void disable_core_dumps() {
  const rlimit none{.rlim_cur = 0, .rlim_max = 0};
  setrlimit(RLIMIT_CORE, &none);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  // Also keeps others from attaching. The leak checker has to attach.
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

int run(int argc, char** argv) {
  disable_core_dumps();
  const cli::Command command = cli::parse_arguments(argc, argv);
  switch (command.action) {
    case cli::Action::kText:
      std::fputs(command.text.c_str(), stdout);
      return 0;
    case cli::Action::kVersion:
      std::printf("pg2duck %s, DuckDB %s, libpq %s\n", kVersion, engine::library_version().c_str(),
                  source::libpq_version().c_str());
      return 0;
    case cli::Action::kInit:
      return init_command(command);
    case cli::Action::kExplainConfig:
      return explain_config_command(command);
    default:
      return run_command(command);
  }
}

int exit_code_of(const Error& error) {
  return error.kind() == ErrorKind::kUsage || error.kind() == ErrorKind::kConfig ? 2 : 1;
}

}  // namespace
}  // namespace pg2duck

int main(int argc, char** argv) {
  try {
    return pg2duck::run(argc, argv);
  } catch (...) {
    const pg2duck::Error error = pg2duck::current_error();
    const bool colour = pg2duck::cli::terminal_style(STDERR_FILENO, pg2duck::config::process_environment).colour;
    std::fputs(pg2duck::cli::render_error(error, colour).c_str(), stderr);
    return pg2duck::exit_code_of(error);
  }
}
