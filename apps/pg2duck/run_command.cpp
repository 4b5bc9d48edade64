#include "run_command.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <memory>
#include <string>
#include <unistd.h>

#include "cli/output_file.hpp"
#include "cli/progress/json_listener.hpp"
#include "cli/progress/line_listener.hpp"
#include "cli/progress/terminal_listener.hpp"
#include "cli/report/report.hpp"
#include "cli/report/report_json.hpp"
#include "cli/signals.hpp"
#include "cli/terminal/terminal.hpp"
#include "sync/run.hpp"

namespace pg2duck {
namespace {

void write_error_stream(std::string_view text) {
  // Where nobody reads errors any more, there is nobody to tell.
  static_cast<void>(cli::write_all(STDERR_FILENO, text));
}

std::unique_ptr<cli::ProgressListener> make_listener(const cli::Command& command, cli::TerminalStyle style) {
  const bool quiet = command.verbosity == cli::Verbosity::kQuiet;
  const bool verbose = command.verbosity == cli::Verbosity::kVerbose;
  if (command.request.log_format == cli::LogFormat::kJson) {
    return std::make_unique<cli::JsonListener>(write_error_stream, quiet, verbose);
  }
  if (quiet) {
    return std::make_unique<cli::ProgressListener>();
  }
  if (style.interactive) {
    return std::make_unique<cli::TerminalListener>(
        write_error_stream, [] { return cli::terminal_size(STDERR_FILENO); }, style);
  }
  return std::make_unique<cli::LineListener>(write_error_stream, verbose);
}

/// What goes to standard output.
std::string render_result(const cli::Command& command, const sync::RunReport& report,
                          const std::vector<sync::TablePlan>& plan, int exit_code) {
  if (command.request.json) {
    return cli::report_json(report, plan, command.copy.dry_run, exit_code);
  }
  const std::size_t width = isatty(STDOUT_FILENO) == 1 ? cli::terminal_size(STDOUT_FILENO).width : 0;
  if (command.copy.dry_run) {
    return plan.empty() ? std::string() : cli::render_plan(plan, report, width);
  }
  std::string text = cli::render_previews(report, width);
  if (!report.error && command.verbosity != cli::Verbosity::kQuiet) {
    text += cli::render_summary(report, width);
  }
  return text;
}

/// @return the exit code, changed when the result could not be written
int print_result(const std::string& text, int exit_code) {
  if (cli::write_all(STDOUT_FILENO, text) || errno == EPIPE) {
    return exit_code;
  }
  const Error error(ErrorKind::kDestination,
                    std::string("the report cannot be written to standard output: ") + std::strerror(errno));
  write_error_stream(cli::render_error(error, false));
  return exit_code == 0 ? 1 : exit_code;
}

/// @return the exit code, changed when the file of --report could not be written
int write_report(const cli::Command& command, const std::string& document, int exit_code) {
  if (command.request.report_file.empty()) {
    return exit_code;
  }
  try {
    cli::replace_file(command.request.report_file, document);
    return exit_code;
  } catch (const Error& error) {
    write_error_stream(cli::render_error(error, false));
    return exit_code == 0 ? 1 : exit_code;
  }
}

}  // namespace

int run_command(const cli::Command& command) {
  const cli::TerminalStyle style = cli::terminal_style(STDERR_FILENO, config::process_environment);
  const std::unique_ptr<cli::ProgressListener> listener = make_listener(command, style);
  const cli::SignalWatcher signals([&listener](int) { listener->on_stop_requested(); });

  for (const std::string& notice : command.notices) {
    listener->on_notice(notice);
  }
  const sync::RunReport report = sync::run(command.copy, *listener, signals.token());
  int exit_code = report.exit_code();
  if (report.error && report.error->kind() == ErrorKind::kCancelled && signals.caught() == SIGTERM) {
    exit_code = 143;
  }
  listener->on_finished(report, exit_code);
  exit_code =
      write_report(command, cli::report_json(report, listener->plan(), command.copy.dry_run, exit_code), exit_code);
  exit_code = print_result(render_result(command, report, listener->plan(), exit_code), exit_code);
  if (command.request.log_format == cli::LogFormat::kText) {
    // With a summary on standard output the reasons stand there already.
    const bool detailed = command.request.json || command.verbosity == cli::Verbosity::kQuiet;
    write_error_stream(cli::render_errors(report, detailed, style.colour));
  }
  return exit_code;
}

}  // namespace pg2duck
