#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/grammar/command.hpp"
#include "cli/grammar/request.hpp"
#include "config/settings/layers.hpp"

namespace pg2duck::cli {

/// The arguments behind the name of a command, taken apart but not yet put over anything.
struct CommandLine {
  std::vector<std::string> positionals;
  config::Layer layer;  ///< what they say of settings
  Request request;      ///< and of everything else
};

/// Parses by the options that `action` has. With --help among them nothing else is looked at.
/// @error Error(kUsage) whose hint says what to write instead
CommandLine parse_command_line(Action action, std::span<const std::string> arguments);

}  // namespace pg2duck::cli
