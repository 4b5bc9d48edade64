#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/layers.hpp"

namespace pg2duck::cli {

/// What the program can be asked to do.
enum class Action { kCopy, kSync, kPlan, kInit, kExplainConfig, kHelp, kVersion };

/// The arguments behind the name of a command, taken apart but not yet put over anything.
struct CommandLine {
  std::vector<std::string> positionals;
  config::Layer layer;  ///< what they say of settings
  /// The other options that were given, by name without dashes; those without a value hold "".
  std::map<std::string, std::string, std::less<>> others;

  [[nodiscard]] bool has(std::string_view option) const { return others.contains(option); }

  [[nodiscard]] std::optional<std::string> value(std::string_view option) const {
    const auto found = others.find(option);
    return found == others.end() ? std::nullopt : std::optional(found->second);
  }
};

/// Parses by the options that `action` has.
/// @error Error(kUsage) whose hint says what to write instead
CommandLine parse_command_line(Action action, std::span<const std::string> arguments);

/// Every long option of `action`, with its dashes.
std::vector<std::string> option_names(Action action);

/// The word that stands for `action` on the command line; empty for help and version.
std::string_view word_of(Action action);

}  // namespace pg2duck::cli
