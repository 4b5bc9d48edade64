#include "cli/arguments.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/redaction.hpp"
#include "base/spelling.hpp"
#include "cli/endpoints.hpp"
#include "cli/help.hpp"
#include "cli/project.hpp"
#include "cli/terminal/display_text.hpp"
#include "config/toml/file.hpp"

namespace pg2duck::cli {
namespace {

constexpr std::array kCommands{Action::kCopy, Action::kSync, Action::kPlan, Action::kInit, Action::kExplainConfig};

Error usage(const std::string& message, std::string hint) {
  return Error(ErrorKind::kUsage, message).set_hint(std::move(hint));
}

std::optional<Action> command_of(std::string_view word) {
  const auto* found = std::ranges::find(kCommands, word, word_of);
  return found == kCommands.end() ? std::nullopt : std::optional(*found);
}

Command help(std::string_view text) {
  Command command;
  command.action = Action::kHelp;
  command.help = text;
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

LogFormat log_format_of(const CommandLine& line) {
  const std::string format = line.value("log-format").value_or("text");
  if (format != "text" && format != "json") {
    throw usage(fmt::format("--log-format needs text or json, not '{}'", printable(redact(format))),
                "e.g. --log-format json");
  }
  return format == "json" ? LogFormat::kJson : LogFormat::kText;
}

Verbosity verbosity_of(const CommandLine& line) {
  if (line.has("quiet") && line.has("verbose")) {
    throw usage("--quiet and --verbose exclude each other", "leave one of them out");
  }
  return line.has("quiet") ? Verbosity::kQuiet : line.has("verbose") ? Verbosity::kVerbose : Verbosity::kNormal;
}

/// Of a dlt project's log level. Its pipeline prints the metrics of a run at any level.
Verbosity verbosity_of(const std::string& log_level) {
  return log_level == "DEBUG" ? Verbosity::kVerbose : Verbosity::kNormal;
}

Command parse_command(Action action, std::span<const std::string> arguments, const config::Environment& environment) {
  CommandLine line = parse_command_line(action, arguments);
  if (line.has("help")) {
    return help(command_help(action));
  }
  Command command;
  command.action = action;
  command.log_format = log_format_of(line);
  command.json = line.has("json");
  command.report_file = line.value("report").value_or("");
  command.output = line.value("output").value_or(config::kConfigurationFile);
  command.verbosity = verbosity_of(line);
  const bool by_file = action != Action::kCopy && action != Action::kInit;
  config::Configuration configuration =
      by_file ? load_project(line, environment) : named_endpoints(line, set_variables(environment));
  command.copy = std::move(configuration.copy);
  command.explained = std::move(configuration.explained);
  command.notices = std::move(configuration.notices);
  if (command.copy.target_token.empty()) {
    command.copy.target_token = target_token(command.copy.target, set_variables(environment));
  }
  command.copy.extension_directory = set_variables(environment)("PG2DUCK_EXTENSION_DIRECTORY").value_or("");
  command.copy.object_stores = config::object_stores(environment);
  command.copy.sql_log = set_variables(environment)("PG2DUCK_SQL_LOG").value_or("");
  if (!line.has("quiet") && !line.has("verbose")) {
    command.verbosity = verbosity_of(configuration.log_level);
  }
  command.copy.dry_run = command.copy.dry_run || action == Action::kPlan;
  return command;
}

Error unknown_command(const std::string& word) {
  const std::string shown = printable(redact(word));
  if (is_connection_string(word) || word.ends_with(".duckdb") || word.ends_with(".db")) {
    return usage("the command is missing", "pg2duck copy SOURCE TARGET");
  }
  const std::string_view kind = word.starts_with('-') ? "option" : "command";
  std::vector<std::string_view> known{"--help", "--version"};
  std::ranges::transform(kCommands, std::back_inserter(known), word_of);
  const std::optional<std::string> nearest = nearest_word(word, known);
  if (nearest) {
    return usage(fmt::format("unknown {} '{}'", kind, shown), fmt::format("did you mean pg2duck {}?", *nearest));
  }
  const std::vector<std::string> options = option_names(Action::kCopy);
  const bool copy_option = std::ranges::find(options, word) != options.end();
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
  if (const std::optional<Action> action = command_of(word)) {
    return parse_command(*action, arguments.subspan(1), environment);
  }
  if (word == "--help" || word == "-h" || word == "help") {
    const std::optional<Action> about = arguments.size() > 1 ? command_of(arguments[1]) : std::nullopt;
    return help(about ? command_help(*about) : program_help());
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
