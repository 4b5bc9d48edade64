#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/grammar/option.hpp"
#include "cli/reference/shell_scripts.hpp"

namespace pg2duck::cli {
namespace {

constexpr std::string_view kBegin = R"(#compdef pg2duck
# Completions of zsh for pg2duck.
_pg2duck() {
  local -a commands=(
)";

constexpr std::string_view kMiddle = R"(  )
  if ((CURRENT == 2)); then
    _describe command commands
    _arguments '--help[the commands]' '--version[versions of pg2duck, DuckDB and libpq]'
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
)";

constexpr std::string_view kEnd = R"(  esac
}
if [[ $funcstack[1] == _pg2duck ]]; then
  _pg2duck "$@"
else
  compdef _pg2duck pg2duck
fi
)";

/// `text` where `special` characters have a meaning, between single quotes.
std::string quoted(std::string_view text, std::string_view special) {
  std::string result;
  for (const char c : text) {
    result += special.find(c) != std::string_view::npos ? fmt::format("\\{}", c) : std::string(1, c);
    result += c == '\'' ? "\\''" : "";
  }
  return result;
}

std::string action_of(const config::Setting& about) {
  return about.kind == config::Setting::Kind::kPath ? "_files"
         : about.words.empty()                      ? " "
                                                    : fmt::format("({})", fmt::join(about.words, " "));
}

std::string option_text(const Option& option) {
  const bool again = option.about->kind == config::Setting::Kind::kList;
  std::string spec = (again ? "*" : "") + option.name + (option.takes_value() ? "=" : "");
  spec += fmt::format("[{}{}]", option.negated ? "do not: " : "", quoted(option.about->summary, R"(\[]:)"));
  if (option.takes_value()) {
    spec += fmt::format(":{}:{}", quoted(option.about->value.empty() ? "value" : option.about->value, R"(\:)"),
                        action_of(*option.about));
  }
  return fmt::format("        '{}' \\\n", spec);
}

std::string command_text(const CommandInfo& command) {
  std::string text = fmt::format("    {})\n      _arguments -s \\\n", command.word);
  for (const Option& option : options_of(command.action)) {
    text += option_text(option);
    if (option.about->letter != 0) {
      text += fmt::format("        '-{}[{}]' \\\n", option.about->letter, quoted(option.about->summary, R"(\[]:)"));
    }
  }
  std::size_t number = 0;
  for (const Argument& argument : command.arguments) {
    ++number;
    text += fmt::format("        '{}:{}:{}' \\\n", number, argument.name,
                        argument.words.empty() ? "_files" : fmt::format("({})", fmt::join(argument.words, " ")));
  }
  text.resize(text.size() - 3);
  return text + "\n      ;;\n";
}

}  // namespace

std::string zsh_completions() {
  std::string text(kBegin);
  for (const CommandInfo& command : commands()) {
    text += fmt::format("    '{}:{}'\n", command.word, quoted(command.summary, R"(\:)"));
  }
  text += kMiddle;
  for (const CommandInfo& command : commands()) {
    text += command_text(command);
  }
  return text + std::string(kEnd);
}

}  // namespace pg2duck::cli
