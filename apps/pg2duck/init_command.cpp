#include "init_command.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <unistd.h>

#include <fmt/format.h>

#include "base/error.hpp"
#include "cli/configuration_text.hpp"
#include "cli/progress_listener.hpp"
#include "cli/signals.hpp"
#include "cli/terminal.hpp"
#include "sync/run.hpp"

namespace pg2duck {
namespace {

void write_new_file(const std::string& name, const std::string& text, bool replace) {
  // A file that is there is an error, and no other process can put one there in between.
  const int exclusive = replace ? O_TRUNC : O_EXCL;
  const int file = ::open(name.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | exclusive, 0666);
  if (file < 0 && errno == EEXIST) {
    throw Error(ErrorKind::kUsage, fmt::format("{} is there already", name))
        .set_hint("replace it with --force, or name another with --output; --output - shows what would be written");
  }
  const bool written = file >= 0 && cli::write_all(file, text);
  const int reason = errno;
  if (file >= 0 && ::close(file) == 0 && written) {
    return;
  }
  throw Error(ErrorKind::kUsage, fmt::format("{} cannot be written: {}", name, std::strerror(written ? errno : reason)))
      .set_hint("name another file with --output");
}

}  // namespace

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
  if (command.output == "-") {
    return cli::write_all(STDOUT_FILENO, text) || errno == EPIPE ? 0 : 1;
  }
  write_new_file(command.output, text, command.copy.force);
  if (command.verbosity != cli::Verbosity::kQuiet) {
    std::printf("Wrote %s. Next: pg2duck plan, then pg2duck sync\n", command.output.c_str());
  }
  return 0;
}

}  // namespace pg2duck
