#include <map>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/grammar/option.hpp"
#include "cli/reference/shell_scripts.hpp"

namespace pg2duck::cli {
namespace {

/// `--json=x` arrives as three words.
constexpr std::string_view kBegin = R"(# Completions of bash for pg2duck.
_pg2duck() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} words="" files=""
  COMPREPLY=()
  if [[ $current == "=" ]]; then
    current=""
  elif [[ $previous == "=" && COMP_CWORD -gt 2 ]]; then
    previous=${COMP_WORDS[COMP_CWORD-2]}
  fi
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W "{COMMANDS} --help --version" -- "$current"))
    return
  fi
  case $previous in
)";

constexpr std::string_view kMiddle = R"(    *)
      case ${COMP_WORDS[1]} in
)";

constexpr std::string_view kEnd = R"(      esac
      if [[ $current != -* && -n $files ]]; then
        compopt -o filenames
        COMPREPLY=($(compgen -f -- "$current"))
        return
      fi
      ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _pg2duck pg2duck
)";

/// What follows an option that takes a value, each once.
std::string values_text() {
  std::map<std::string, std::string> branches;
  for (const CommandInfo& command : commands()) {
    for (const Option& option : options_of(command.action)) {
      if (option.about->kind == config::Setting::Kind::kPath) {
        branches[option.name] = "compopt -o filenames; COMPREPLY=($(compgen -f -- \"$current\")); return";
      } else if (option.takes_value()) {
        branches[option.name] = fmt::format("words=\"{}\"", fmt::join(option.about->words, " "));
      }
    }
  }
  std::string text;
  for (const auto& [name, branch] : branches) {
    text += fmt::format("    {}) {} ;;\n", name, branch);
  }
  return text;
}

std::string command_text(const CommandInfo& command) {
  std::vector<std::string> words;
  bool files = false;
  for (const Argument& argument : command.arguments) {
    words.insert(words.end(), argument.words.begin(), argument.words.end());
    files = files || argument.words.empty();
  }
  for (const Option& option : options_of(command.action)) {
    words.push_back(option.name);
  }
  return fmt::format("        {}) {}words=\"{}\" ;;\n", command.word, files ? "files=1 " : "", fmt::join(words, " "));
}

}  // namespace

std::string bash_completions() {
  std::vector<std::string_view> names;
  std::string options;
  for (const CommandInfo& command : commands()) {
    names.push_back(command.word);
    options += command_text(command);
  }
  std::string text(kBegin);
  constexpr std::string_view kPlace = "{COMMANDS}";
  text.replace(text.find(kPlace), kPlace.size(), fmt::format("{}", fmt::join(names, " ")));
  return text + values_text() + std::string(kMiddle) + options + std::string(kEnd);
}

}  // namespace pg2duck::cli
