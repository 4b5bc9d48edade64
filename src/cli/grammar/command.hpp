#pragma once

#include <span>
#include <string>
#include <string_view>

#include "config/setting.hpp"

namespace pg2duck::cli {

/// What the program can be asked to do.
enum class Action {
  kCopy,
  kSync,
  kPlan,
  kInit,
  kExplainConfig,
  kCompletions,
  kMan,
  kSchema,
  kText,  ///< to print a text: a help, a manual
  kVersion,
};

/// An argument without a name, and what it means.
struct Argument {
  std::string_view name;  ///< "TARGET"
  std::string_view text;
  std::span<const std::string_view> words;  ///< what it can be, if that is known
};

/// All that is said of one command anywhere. Its flags are the settings that have it in `flag_of`.
struct CommandInfo {
  Action action;
  std::string_view word;     ///< "copy"
  std::string_view usage;    ///< "[SOURCE] TARGET [options]"
  std::string_view summary;  ///< one phrase
  std::string_view about;    ///< sentences; a line each paragraph
  std::span<const Argument> arguments;
  std::span<const std::string_view> examples;
  bool config::Commands::* flags = nullptr;  ///< nullptr: it has none but --help
  bool detailed = false;                     ///< its help has all that there is to say of each option
};

/// All of them, in the order in which they are shown.
std::span<const CommandInfo> commands();

/// @pre `action` is one of a command
const CommandInfo& command_info(Action action);

/// "pg2duck copy [SOURCE] TARGET [options]".
std::string usage_of(const CommandInfo& command);

/// nullptr: no command is called so.
const CommandInfo* find_command(std::string_view word);

/// The shells for which there are completions.
std::span<const std::string_view> shells();

/// An exit code, and what it means.
struct ExitCode {
  std::string_view code;
  std::string_view meaning;
};

std::span<const ExitCode> exit_codes();

}  // namespace pg2duck::cli
