#include "cli/arguments.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/redaction.hpp"
#include "base/spelling.hpp"
#include "cli/command_line.hpp"
#include "cli/endpoints.hpp"
#include "cli/grammar/option.hpp"
#include "cli/project.hpp"
#include "cli/reference/completions.hpp"
#include "cli/reference/help.hpp"
#include "cli/reference/man_page.hpp"
#include "cli/reference/schema.hpp"
#include "cli/terminal/display_text.hpp"

namespace pg2duck::cli {
namespace {

Error usage(const std::string& message, std::string hint) {
  return Error(ErrorKind::kUsage, message).set_hint(std::move(hint));
}

Command to_print(std::string text) {
  Command command;
  command.action = Action::kText;
  command.text = std::move(text);
  return command;
}

/// SOURCE and TARGET as arguments, over the environment.
config::Configuration named_endpoints(CommandLine& line, const config::Environment& environment) {
  Endpoints endpoints = resolve_endpoints(line.positionals, environment);
  line.layer.source = config::GivenSource{
      .connection = endpoints.source,
      .parts = {{.name = "source", .value = redact(endpoints.source.reveal()), .origin = "SOURCE"}}};
  line.layer.values.push_back({.setting = "target",
                               .values = {endpoints.target},
                               .label = "TARGET",
                               .origin = "TARGET",
                               .good = "copy.duckdb"});
  const std::array layers{config::environment_layer(environment), line.layer};
  config::Configuration configuration = config::resolve(layers);
  check_endpoints(configuration.copy.source, configuration.copy.target);
  return configuration;
}

Verbosity verbosity_of(const Request& request, const std::string& log_level) {
  if (request.quiet && request.verbose) {
    throw usage("--quiet and --verbose exclude each other", "leave one of them out");
  }
  // A dlt project has a log level, too. Its pipeline prints the metrics of a run at any level.
  return request.quiet                             ? Verbosity::kQuiet
         : request.verbose || log_level == "DEBUG" ? Verbosity::kVerbose
                                                   : Verbosity::kNormal;
}

/// A command that copies, or looks at what a copy would be.
Command run_of(Action action, CommandLine line, const config::Environment& environment) {
  const config::Environment set = set_variables(environment);
  const bool named = !command_info(action).arguments.empty();
  config::Configuration configuration = named ? named_endpoints(line, set) : load_project(line, environment);
  if (configuration.copy.target_token.empty()) {
    if (auto token = token_of_environment(configuration.copy.target, set)) {
      configuration.copy.target_token = std::move(token->token);
      config::explain_token(configuration, token->part);
    }
  }
  Command command;
  command.action = action;
  command.verbosity = verbosity_of(line.request, configuration.log_level);
  command.request = std::move(line.request);
  command.copy = std::move(configuration.copy);
  command.explained = std::move(configuration.explained);
  command.notices = std::move(configuration.notices);
  command.copy.extension_directory = set("PG2DUCK_EXTENSION_DIRECTORY").value_or("");
  command.copy.object_stores = config::object_stores(environment);
  command.copy.sql_log = set("PG2DUCK_SQL_LOG").value_or("");
  command.copy.dry_run = command.copy.dry_run || action == Action::kPlan;
  return command;
}

std::string completions_for(const std::vector<std::string>& positionals) {
  const std::string shell = positionals.empty() ? "" : positionals.front();
  if (std::ranges::find(shells(), shell) == shells().end()) {
    throw usage(
        shell.empty() ? "the shell is missing" : fmt::format("there are no completions for '{}'", printable(shell)),
        "pg2duck completions bash, zsh or fish");
  }
  return completions(shell);
}

Command parse_command(Action action, std::span<const std::string> arguments, const config::Environment& environment) {
  CommandLine line = parse_command_line(action, arguments);
  if (line.request.help) {
    return to_print(command_help(action));
  }
  switch (action) {
    case Action::kCompletions:
      return to_print(completions_for(line.positionals));
    case Action::kMan:
      return to_print(man_page());
    case Action::kSchema:
      return to_print(schema_json());
    default:
      return run_of(action, std::move(line), environment);
  }
}

Error unknown_command(const std::string& word) {
  const std::string shown = printable(redact(word));
  if (is_connection_string(word) || word.ends_with(".duckdb") || word.ends_with(".db")) {
    return usage("the command is missing", "pg2duck copy SOURCE TARGET");
  }
  const std::string_view kind = word.starts_with('-') ? "option" : "command";
  std::vector<std::string_view> known{"--help", "--version"};
  std::ranges::transform(commands(), std::back_inserter(known), &CommandInfo::word);
  const std::optional<std::string> nearest = nearest_word(word, known);
  if (nearest) {
    return usage(fmt::format("unknown {} '{}'", kind, shown), fmt::format("did you mean pg2duck {}?", *nearest));
  }
  const std::vector<Option> options = options_of(Action::kCopy);
  const bool copy_option = std::ranges::find(options, word, &Option::name) != options.end();
  return usage(fmt::format("unknown {} '{}'", kind, shown),
               copy_option ? "options stand after the command: pg2duck copy SOURCE TARGET " + shown
                           : "pg2duck copy SOURCE TARGET copies tables; pg2duck --help tells more");
}

}  // namespace

Command parse_arguments(std::span<const std::string> arguments, const config::Environment& environment) {
  if (arguments.empty()) {
    throw usage("the command is missing", "pg2duck copy SOURCE TARGET copies tables; pg2duck --help tells more");
  }
  const std::string& word = arguments.front();
  if (const CommandInfo* command = find_command(word)) {
    return parse_command(command->action, arguments.subspan(1), environment);
  }
  if (word == "--help" || word == "-h" || word == "help") {
    const CommandInfo* about = arguments.size() > 1 ? find_command(arguments[1]) : nullptr;
    return to_print(about != nullptr ? command_help(about->action) : program_help());
  }
  if (word == "--version" || word == "-V" || word == "version") {
    Command command;
    command.action = Action::kVersion;
    return command;
  }
  throw unknown_command(word);
}

Command parse_arguments(int argc, char** argv) {
  std::vector<std::string> arguments;
  for (int i = 1; i < argc; ++i) {
    arguments.emplace_back(argv[i]);
    scrub(argv[i]);
  }
  return parse_arguments(arguments, config::raw_process_environment);
}

}  // namespace pg2duck::cli
