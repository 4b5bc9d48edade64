#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/command_line.hpp"
#include "config/environment.hpp"
#include "config/layers.hpp"
#include "config/options.hpp"

namespace pg2duck::cli {

enum class LogFormat { kText, kJson };

enum class Verbosity { kQuiet, kNormal, kVerbose };

/// What the command line asks for.
struct Command {
  Action action = Action::kCopy;
  std::string help;  ///< the text to print, for kHelp
  config::CopyOptions copy;
  std::vector<config::Explained> explained;  ///< every effective value and where it came from
  std::vector<std::string> notices;          ///< what the configuration has to tell
  bool json = false;                         ///< the report as JSON on standard output
  LogFormat log_format = LogFormat::kText;
  Verbosity verbosity = Verbosity::kNormal;
  std::string report_file;  ///< where the report goes as JSON too; empty: nowhere
  std::string output;       ///< the file that `init` writes; "-" is standard output
};

/// Parses the command line of the process, after taking the passwords out of `argv` in place. Commands that work by
/// a configuration file read it.
/// @error Error(kUsage) whose hint says what to write instead; Error(kConfig) of the configuration file
Command parse_arguments(int argc, char** argv);

/// The same without the program's name, for tests.
Command parse_arguments(std::span<const std::string> arguments, const config::Environment& environment);

}  // namespace pg2duck::cli
