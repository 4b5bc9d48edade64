#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/endpoints.hpp"
#include "config/options.hpp"

namespace pg2duck::cli {

enum class LogFormat { kText, kJson };

enum class Verbosity { kQuiet, kNormal, kVerbose };

/// What the command line asks for.
struct Command {
  enum class Action { kCopy, kHelp, kVersion };

  Action action = Action::kCopy;
  std::string help;  ///< the text to print, for kHelp
  config::CopyOptions copy;
  bool json = false;  ///< the report as JSON on standard output
  LogFormat log_format = LogFormat::kText;
  Verbosity verbosity = Verbosity::kNormal;
};

/// Parses the command line of the process, after taking the passwords out of `argv` in place.
/// @error Error(kUsage) whose hint says what to write instead
Command parse_arguments(int argc, char** argv);

/// The same without the program's name, for tests.
Command parse_arguments(std::span<const std::string> arguments, const Environment& environment);

/// Every long option of `pg2duck copy`, with its dashes.
std::span<const std::string_view> copy_option_names();

}  // namespace pg2duck::cli
