#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/grammar/command.hpp"
#include "cli/grammar/request.hpp"
#include "config/environment.hpp"
#include "config/options.hpp"
#include "config/settings/layers.hpp"

namespace pg2duck::cli {

enum class Verbosity { kQuiet, kNormal, kVerbose };

/// What the command line asks for.
struct Command {
  Action action = Action::kCopy;
  std::string text;  ///< what to print, for kText
  config::CopyOptions copy;
  std::vector<config::Explained> explained;  ///< every effective value and where it came from
  std::vector<std::string> notices;          ///< what the configuration has to tell
  Request request;                           ///< what is no setting
  Verbosity verbosity = Verbosity::kNormal;  ///< of the flags, else of the configuration
};

/// Parses the command line of the process, after taking the passwords out of `argv` in place. Commands that work by
/// a configuration file read it.
/// @error Error(kUsage) whose hint says what to write instead; Error(kConfig) of the configuration file
Command parse_arguments(int argc, char** argv);

/// The same without the program's name, for tests.
Command parse_arguments(std::span<const std::string> arguments, const config::Environment& environment);

}  // namespace pg2duck::cli
