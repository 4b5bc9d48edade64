#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/grammar/option.hpp"
#include "cli/reference/shell_scripts.hpp"

namespace pg2duck::cli {
namespace {

/// Between single quotes.
std::string in_quotes(std::string_view text) {
  std::string result;
  for (const char c : text) {
    result += c == '\'' || c == '\\' ? fmt::format("\\{}", c) : std::string(1, c);
  }
  return fmt::format("'{}'", result);
}

std::string option_text(const CommandInfo& command, const Option& option) {
  const config::Setting& about = *option.about;
  std::string text =
      fmt::format("complete -c pg2duck -n '__fish_seen_subcommand_from {}' -l {}", command.word, option.name.substr(2));
  text += about.letter == 0 ? "" : fmt::format(" -s {}", about.letter);
  if (about.kind == config::Setting::Kind::kPath) {
    text += " -r -F";
  } else if (option.takes_value()) {
    text += about.words.empty() ? " -x" : fmt::format(" -x -a '{}'", fmt::join(about.words, " "));
  }
  return fmt::format("{} -d {}\n", text, in_quotes((option.negated ? "do not: " : "") + std::string(about.summary)));
}

std::string command_text(const CommandInfo& command) {
  std::string text = fmt::format("complete -c pg2duck -n __fish_use_subcommand -a {} -d {}\n", command.word,
                                 in_quotes(command.summary));
  const std::string seen = fmt::format("complete -c pg2duck -n '__fish_seen_subcommand_from {}'", command.word);
  for (const Argument& argument : command.arguments) {
    text += argument.words.empty() ? seen + " -F\n" : fmt::format("{} -a '{}'\n", seen, fmt::join(argument.words, " "));
  }
  for (const Option& option : options_of(command.action)) {
    text += option_text(command, option);
  }
  return text;
}

}  // namespace

std::string fish_completions() {
  std::string text =
      "# Completions of fish for pg2duck.\n"
      "complete -c pg2duck -f\n"
      "complete -c pg2duck -n __fish_use_subcommand -l help -s h -d 'the commands'\n"
      "complete -c pg2duck -n __fish_use_subcommand -l version -s V -d 'versions of pg2duck, DuckDB and libpq'\n";
  for (const CommandInfo& command : commands()) {
    text += command_text(command);
  }
  return text;
}

}  // namespace pg2duck::cli
