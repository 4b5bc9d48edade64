#include "cli/command_line.hpp"

#include <algorithm>
#include <array>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/error.hpp"
#include "base/redaction.hpp"
#include "base/spelling.hpp"
#include "cli/terminal/display_text.hpp"
#include "config/target.hpp"

namespace pg2duck::cli {
namespace {

using config::Setting;

/// One option of a command.
struct Option {
  std::string name;  ///< "--max-rate"
  enum class Kind { kFlag, kValue, kList } kind;
  std::string example;                 ///< a good value
  const Setting* setting = nullptr;    ///< what it sets; unset: it is for the command line alone
  std::string_view switched = "true";  ///< what a flag gives its setting
};

/// Options that are no settings, and the commands that have them.
struct OwnOption {
  std::string_view name;
  Option::Kind kind;
  std::string_view example;
  std::array<bool, 5> commands;  ///< copy, sync, plan, init, explain-config
};

constexpr std::array kOwnOptions{
    OwnOption{"--source", Option::Kind::kValue, "'service=shop'", {false, true, true, false, true}},
    OwnOption{"--config", Option::Kind::kValue, "pg2duck.toml", {false, true, true, false, true}},
    OwnOption{"--pipeline", Option::Kind::kValue, "pg2md", {false, true, true, false, true}},
    OwnOption{"--output", Option::Kind::kValue, "pg2duck.toml", {false, false, false, true, false}},
    OwnOption{"--report", Option::Kind::kValue, "report.json", {true, true, true, false, false}},
    OwnOption{"--json", Option::Kind::kFlag, "", {true, true, true, false, true}},
    OwnOption{"--log-format", Option::Kind::kValue, "json", {true, true, true, false, false}},
    OwnOption{"--quiet", Option::Kind::kFlag, "", {true, true, true, true, false}},
    OwnOption{"--verbose", Option::Kind::kFlag, "", {true, true, true, false, false}},
    OwnOption{"--help", Option::Kind::kFlag, "", {true, true, true, true, true}},
};

bool has_setting(Action action, const Setting& setting) {
  const std::string_view name = setting.name;
  switch (action) {
    case Action::kCopy:
      return name != "target";  // An argument of its own.
    case Action::kPlan:
      return name != "preview" && name != "dry_run";
    case Action::kInit:
      return name == "tables" || name == "exclude" || name == "views" || name == "dataset" || name == "force";
    case Action::kExplainConfig:
      return name != "preview" && name != "dry_run" && name != "force" && name != "full";
    default:
      return true;
  }
}

Option::Kind kind_of(const Setting& setting) {
  return setting.kind == Setting::Kind::kSwitch ? Option::Kind::kFlag
         : setting.kind == Setting::Kind::kList ? Option::Kind::kList
                                                : Option::Kind::kValue;
}

std::vector<Option> options_of(Action action) {
  std::vector<Option> options;
  const bool over_a_file = action == Action::kSync || action == Action::kPlan || action == Action::kExplainConfig;
  for (const Setting& setting : config::settings()) {
    if (!has_setting(action, setting)) {
      continue;
    }
    const std::string name = config::flag_of(setting.name);
    options.push_back(
        {.name = name, .kind = kind_of(setting), .example = std::string(setting.example), .setting = &setting});
    if (over_a_file && setting.in_file && setting.kind == Setting::Kind::kSwitch) {
      options.push_back({.name = "--no-" + name.substr(2),
                         .kind = Option::Kind::kFlag,
                         .example = {},
                         .setting = &setting,
                         .switched = "false"});
    }
  }
  for (const OwnOption& own : kOwnOptions) {
    if (own.commands.at(static_cast<std::size_t>(action))) {
      options.push_back({.name = std::string(own.name), .kind = own.kind, .example = std::string(own.example)});
    }
  }
  return options;
}

Error usage(const std::string& message, std::string hint) {
  return Error(ErrorKind::kUsage, message).set_hint(std::move(hint));
}

Error value_missing(const Option& option) {
  return usage(fmt::format("{} needs a value", option.name), fmt::format("e.g. {} {}", option.name, option.example));
}

/// One parse: CLI11's view of the options, and what it found.
class Parser {
 public:
  explicit Parser(Action action) : action_(action), options_(options_of(action)) {
    app_.set_help_flag();
    app_.allow_extras();
    app_.add_option("positionals", result_.positionals);
    for (const Option& option : options_) {
      declare(option);
    }
  }

  CommandLine parse(std::span<const std::string> arguments) {
    // CLI11 takes them from the back.
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    try {
      app_.parse(std::move(reversed));
    } catch (const CLI::ParseError& error) {
      throw parse_error(error);
    }
    if (flags_["--help"]) {
      result_.others.emplace("help", "");
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
  void check_extras();
  void take(const Option& option);
  void check_values(const Option& option, const std::vector<std::string>& values) const;
  [[nodiscard]] Error parse_error(const CLI::ParseError& error) const;
  [[nodiscard]] Error unexpected(const std::string& argument) const;

  Action action_;
  std::vector<Option> options_;
  CLI::App app_;
  std::map<std::string, std::vector<std::string>> values_;
  std::map<std::string, bool> flags_;
  CommandLine result_;
};

void Parser::declare(const Option& option) {
  if (option.kind == Option::Kind::kFlag) {
    const bool has_letter = option.name == "--quiet" || option.name == "--verbose" || option.name == "--help";
    const std::string names = has_letter ? fmt::format("-{},{}", option.name[2], option.name) : option.name;
    app_.add_flag(names, flags_[option.name])->disable_flag_override();
    return;
  }
  app_.add_option(option.name, values_[option.name])
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false);
}

/// CLI11's own complaints, which can only be about a missing or superfluous value.
Error Parser::parse_error(const CLI::ParseError& error) const {
  // Its messages hold the option's name; the one about a flag with a value begins with it, without dashes.
  const std::string_view message = error.what();
  const Option* meant = nullptr;
  for (const Option& option : options_) {
    const bool named =
        message.find(option.name) != std::string_view::npos || message.starts_with(option.name.substr(2));
    if (named && (meant == nullptr || option.name.size() > meant->name.size())) {
      meant = &option;
    }
  }
  if (meant == nullptr) {
    return usage("the arguments cannot be understood",
                 fmt::format("pg2duck {} --help lists the options", word_of(action_)));
  }
  if (meant->kind == Option::Kind::kFlag) {
    return usage(fmt::format("{} takes no value", meant->name), fmt::format("write {} alone", meant->name));
  }
  return value_missing(*meant);
}

Error Parser::unexpected(const std::string& argument) const {
  const std::string shown = printable(redact(argument));
  if (action_ == Action::kCopy && config::looks_like_target(argument)) {
    return usage(fmt::format("a run has one target, and '{}' is another", shown),
                 std::string(config::kSeveralTargetsHint));
  }
  if (!argument.starts_with('-')) {
    const bool endpoints = action_ == Action::kCopy || action_ == Action::kInit;
    return usage(fmt::format("unexpected argument '{}'", shown),
                 endpoints ? fmt::format("pg2duck {} takes SOURCE and TARGET; a list goes in quotes: --tables 'a, b'",
                                         word_of(action_))
                           : "source and target stand in pg2duck.toml, or behind --source and --target; "
                             "pg2duck copy SOURCE TARGET needs no file");
  }
  const std::string name = argument.substr(0, argument.find('='));
  if (name == "--version") {
    return usage("--version stands alone", "pg2duck --version");
  }
  std::vector<std::string_view> known;
  for (const Option& option : options_) {
    known.push_back(option.name);
  }
  const std::optional<std::string> nearest = nearest_word(name, known);
  return usage(fmt::format("unknown option {}", printable(redact(name))),
               nearest ? fmt::format("did you mean {}?", *nearest)
                       : fmt::format("pg2duck {} --help lists the options", word_of(action_)));
}

void Parser::check_extras() {
  const std::vector<std::string> extras = app_.remaining();
  const auto is_option = [](const std::string& extra) { return extra.size() > 1 && extra.starts_with('-'); };
  // A misspelled option leaves its value among the arguments: the option is what to speak of.
  if (const auto option = std::ranges::find_if(extras, is_option); option != extras.end()) {
    throw unexpected(*option);
  }
  const std::size_t taken = action_ == Action::kCopy || action_ == Action::kInit ? 2 : 0;
  if (!extras.empty() || result_.positionals.size() > taken) {
    throw unexpected(extras.empty() ? result_.positionals[taken] : extras.front());
  }
}

void Parser::check_values(const Option& option, const std::vector<std::string>& values) const {
  const bool patterns = option.name == "--tables" || option.name == "--exclude";
  for (const std::string& value : values) {
    if (value.starts_with("--")) {
      // Its value was forgotten, and the next option taken for it.
      throw value_missing(option);
    }
    if (patterns && value.ends_with(',') && value.find_first_not_of(" \t,") != std::string::npos) {
      // The shell split `a, b`, and the rest of the list stands among the arguments.
      throw usage(fmt::format("{} '{}' ends in a comma", option.name, printable(value)),
                  fmt::format("put a list in quotes: {} 'a, b'", option.name));
    }
  }
}

void Parser::take(const Option& option) {
  std::vector<std::string> values;
  if (option.kind == Option::Kind::kFlag) {
    if (!flags_[option.name]) {
      return;
    }
    values.emplace_back(option.setting == nullptr ? "" : option.switched);
  } else {
    values = values_[option.name];
    check_values(option, values);
  }
  if (values.empty()) {
    return;
  }
  if (option.name == "--target" && values.size() > 1) {
    throw usage("a run has one target, and --target names several", std::string(config::kSeveralTargetsHint));
  }
  if (option.kind == Option::Kind::kValue) {
    // Given twice, the last one counts, so that a wrapper script's options can be overridden.
    values = {values.back()};
  }
  if (option.setting == nullptr) {
    result_.others[option.name.substr(2)] = values.front();
    return;
  }
  result_.layer.values.push_back({.setting = std::string(option.setting->name),
                                  .values = std::move(values),
                                  .label = option.name,
                                  .origin = option.name,
                                  .good = option.name + " " + option.example});
}

}  // namespace

CommandLine parse_command_line(Action action, std::span<const std::string> arguments) {
  CommandLine line = Parser(action).parse(arguments);
  line.layer.on_command_line = true;
  return line;
}

std::vector<std::string> option_names(Action action) {
  std::vector<std::string> names;
  for (const Option& option : options_of(action)) {
    names.push_back(option.name);
  }
  return names;
}

std::string_view word_of(Action action) {
  constexpr std::array<std::string_view, 5> kWords{"copy", "sync", "plan", "init", "explain-config"};
  const auto index = static_cast<std::size_t>(action);
  return index < kWords.size() ? kWords.at(index) : std::string_view();
}

}  // namespace pg2duck::cli
