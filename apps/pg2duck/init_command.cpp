#include "init_command.hpp"

#include <cerrno>
#include <cstdio>
#include <string>
#include <unistd.h>

#include "base/error.hpp"
#include "cli/output_file.hpp"
#include "cli/progress/progress_listener.hpp"
#include "cli/report/configuration_text.hpp"
#include "cli/signals.hpp"
#include "cli/terminal/terminal.hpp"
#include "sync/run.hpp"

namespace pg2duck {
int init_command(const cli::Command& command) {
  config::CopyOptions options = command.copy;
  options.dry_run = true;
  // What cannot be copied is left out of the file, with the reason.
  options.on_error = config::OnError::kSkip;
  cli::ProgressListener listener;
  const cli::SignalWatcher signals([&listener](int) { listener.on_stop_requested(); });
  const sync::RunReport report = sync::run(options, listener, signals.token());
  if (report.error) {
    throw Error(*report.error);
  }
  const std::string text = cli::configuration_text(command.copy, listener.plan(), report);
  if (command.request.output == "-") {
    return cli::write_all(STDOUT_FILENO, text) || errno == EPIPE ? 0 : 1;
  }
  cli::create_file(command.request.output, text, command.copy.force);
  if (command.verbosity != cli::Verbosity::kQuiet) {
    std::printf("Wrote %s. Next: pg2duck plan, then pg2duck sync\n", command.request.output.c_str());
  }
  return 0;
}

}  // namespace pg2duck
