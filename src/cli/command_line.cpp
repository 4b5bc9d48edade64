#include "cli/command_line.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <ranges>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/redaction.hpp"
#include "base/spelling.hpp"
#include "cli/grammar/option.hpp"
#include "cli/terminal/display_text.hpp"
#include "config/target.hpp"

namespace pg2duck::cli {
namespace {

using Kind = config::Setting::Kind;

Error usage(const std::string& message, std::string hint) {
  return Error(ErrorKind::kUsage, message).set_hint(std::move(hint));
}

Error value_missing(const Option& option) {
  return usage(fmt::format("{} needs a value", option.name),
               fmt::format("e.g. {} {}", option.name, option.about->example));
}

std::string short_name(const Option& option) {
  return option.about->letter == 0 ? std::string() : fmt::format("-{}", option.about->letter);
}

/// One parse: CLI11's view of the options, and what it found.
class Parser {
 public:
  explicit Parser(Action action) : command_(command_info(action)), options_(options_of(action)) {
    app_.set_help_flag();
    app_.allow_extras();
    app_.add_option("positionals", result_.positionals);
    for (const Option& option : options_) {
      declare(option);
    }
  }

  CommandLine parse(std::span<const std::string> arguments) {
    check_values_are_there(arguments);
    // CLI11 takes them from the back.
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    try {
      app_.parse(std::move(reversed));
    } catch (const CLI::ParseError&) {
      throw usage("the arguments cannot be understood", help_hint());
    }
    if (flags_["--help"]) {
      result_.request.help = true;
      return std::move(result_);
    }
    check_extras();
    for (const Option& option : options_) {
      take(option);
    }
    return std::move(result_);
  }

 private:
  void declare(const Option& option);
  void check_values_are_there(std::span<const std::string> arguments) const;
  void check_extras();
  void take(const Option& option);
  void check_values(const Option& option, const std::vector<std::string>& values) const;
  void take_request(const Option& option, const std::string& value);
  [[nodiscard]] const Option* option_of(std::string_view argument) const;
  [[nodiscard]] Error unexpected(const std::string& argument) const;
  [[nodiscard]] Error unexpected_argument(const std::string& argument) const;

  [[nodiscard]] std::string help_hint() const {
    return fmt::format("pg2duck {} --help lists the options", command_.word);
  }

  const CommandInfo& command_;
  std::vector<Option> options_;
  CLI::App app_;
  std::map<std::string, std::vector<std::string>> values_;
  std::map<std::string, bool> flags_;
  CommandLine result_;
};

void Parser::declare(const Option& option) {
  if (!option.takes_value()) {
    const std::string letter = short_name(option);
    app_.add_flag(letter.empty() ? option.name : letter + "," + option.name, flags_[option.name])
        ->disable_flag_override();
    return;
  }
  app_.add_option(option.name, values_[option.name])
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false);
}

/// nullptr: it is none.
const Option* Parser::option_of(std::string_view argument) const {
  const auto found = std::ranges::find_if(options_, [argument](const Option& option) {
    return option.name == argument || (option.about->letter != 0 && short_name(option) == argument);
  });
  return found == options_.end() ? nullptr : &*found;
}

/// What CLI11 would complain of in words of its own: a value that is missing, or one that is too many.
void Parser::check_values_are_there(std::span<const std::string> arguments) const {
  for (std::size_t i = 0; i < arguments.size() && arguments[i] != "--"; ++i) {
    const std::size_t equals = arguments[i].find('=');
    const Option* option = option_of(arguments[i].substr(0, equals));
    if (option == nullptr) {
      continue;
    }
    if (!option->takes_value() && equals != std::string::npos) {
      throw usage(fmt::format("{} takes no value", option->name), fmt::format("write {} alone", option->name));
    }
    if (option->takes_value() && equals == std::string::npos) {
      // The next option is no value: that was forgotten.
      ++i;
      if (i == arguments.size() || arguments[i].starts_with("--") || option_of(arguments[i]) != nullptr) {
        throw value_missing(*option);
      }
    }
  }
}

Error Parser::unexpected_argument(const std::string& argument) const {
  const std::string shown = printable(redact(argument));
  if (command_.action == Action::kCopy && config::looks_like_target(argument)) {
    return usage(fmt::format("a run has one target, and '{}' is another", shown),
                 std::string(config::kSeveralTargetsHint));
  }
  const std::string message = fmt::format("unexpected argument '{}'", shown);
  if (command_.flags == nullptr) {
    return usage(message, usage_of(command_));
  }
  return usage(message, !command_.arguments.empty()
                            ? fmt::format("pg2duck {} takes SOURCE and TARGET; a list goes in quotes: --tables 'a, b'",
                                          command_.word)
                            : "source and target stand in pg2duck.toml, or behind --source and --target; "
                              "pg2duck copy SOURCE TARGET needs no file");
}

Error Parser::unexpected(const std::string& argument) const {
  if (!argument.starts_with('-')) {
    return unexpected_argument(argument);
  }
  const std::string name = argument.substr(0, argument.find('='));
  if (name == "--version") {
    return usage("--version stands alone", "pg2duck --version");
  }
  std::vector<std::string_view> known(options_.size());
  std::ranges::transform(options_, known.begin(), &Option::name);
  const std::string message = fmt::format("unknown option {}", printable(redact(name)));
  if (const std::vector<std::string_view> others = commands_with(name); !others.empty()) {
    return usage(message, fmt::format("{} is an option of pg2duck {}", name, fmt::join(others, ", ")));
  }
  const std::optional<std::string> nearest = nearest_word(name, known);
  return usage(message, nearest ? fmt::format("did you mean {}?", *nearest) : help_hint());
}

void Parser::check_extras() {
  const std::vector<std::string> extras = app_.remaining();
  const auto is_option = [](const std::string& extra) { return extra.size() > 1 && extra.starts_with('-'); };
  // A misspelled option leaves its value among the arguments: the option is what to speak of.
  if (const auto option = std::ranges::find_if(extras, is_option); option != extras.end()) {
    throw unexpected(*option);
  }
  const std::size_t taken = command_.arguments.size();
  if (!extras.empty() || result_.positionals.size() > taken) {
    throw unexpected(extras.empty() ? result_.positionals[taken] : extras.front());
  }
}

void Parser::check_values(const Option& option, const std::vector<std::string>& values) const {
  const bool patterns = option.name == "--tables" || option.name == "--exclude";
  for (const std::string& value : values) {
    if (patterns && value.ends_with(',') && value.find_first_not_of(" \t,") != std::string::npos) {
      // The shell split `a, b`, and the rest of the list stands among the arguments.
      throw usage(fmt::format("{} '{}' ends in a comma", option.name, printable(value)),
                  fmt::format("put a list in quotes: {} 'a, b'", option.name));
    }
  }
  if (option.name == "--target" && values.size() > 1) {
    throw usage("a run has one target, and --target names several", std::string(config::kSeveralTargetsHint));
  }
}

void Parser::take_request(const Option& option, const std::string& value) {
  const auto& words = option.about->words;
  if (!words.empty() && std::ranges::find(words, value) == words.end()) {
    throw usage(
        fmt::format("{} needs {}, not '{}'", option.name, config::needs_of(*option.about), printable(redact(value))),
        fmt::format("e.g. {} {}", option.name, option.about->example));
  }
  option.request->take(result_.request, value);
}

void Parser::take(const Option& option) {
  std::vector<std::string> values;
  if (option.takes_value()) {
    values = values_[option.name];
    check_values(option, values);
  } else if (flags_[option.name]) {
    values.emplace_back(option.negated ? "false" : "true");
  }
  if (values.empty()) {
    return;
  }
  if (option.about->kind != Kind::kList) {
    // Given twice, the last one counts, so that a wrapper script's options can be overridden.
    values = {values.back()};
  }
  if (option.request != nullptr) {
    take_request(option, values.front());
    return;
  }
  result_.layer.values.push_back({.setting = std::string(option.about->name),
                                  .values = std::move(values),
                                  .label = option.name,
                                  .origin = option.name,
                                  .good = fmt::format("{} {}", option.name, option.about->example)});
}

}  // namespace

CommandLine parse_command_line(Action action, std::span<const std::string> arguments) {
  CommandLine line = Parser(action).parse(arguments);
  line.layer.on_command_line = true;
  return line;
}

}  // namespace pg2duck::cli
