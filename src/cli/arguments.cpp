#include "cli/arguments.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/error.hpp"
#include "cli/display_text.hpp"
#include "cli/help.hpp"
#include "cli/redaction.hpp"
#include "cli/spelling.hpp"
#include "cli/units.hpp"

namespace pg2duck::cli {
namespace {

constexpr std::array<std::string_view, 27> kCopyOptions{
    "--tables",  "--exclude",  "--dataset",     "--views",        "--jobs",     "--limit",        "--preview",
    "--dry-run", "--json",     "--force",       "--primary-keys", "--on-error", "--memory-limit", "--log-format",
    "--quiet",   "--verbose",  "--help",        "--column",       "--where",    "--numeric",      "--unrepresentable",
    "--read",    "--max-rate", "--compression", "--data-path",    "--profile",  "--batch-rows"};
constexpr std::array<std::string_view, 3> kCommands{"copy", "--help", "--version"};
/// DuckDB cannot even open a file in less.
constexpr std::uint64_t kLeastMemory = 1 << 20;
constexpr std::uint64_t kMostJobs = 1024;

Error usage(const std::string& message, std::string hint) {
  return Error(ErrorKind::kUsage, message).set_hint(std::move(hint));
}

/// Values as they were typed; they are converted later, where the message can name a good one.
struct RawOptions {
  std::vector<std::string> positionals;
  std::vector<std::string> tables;
  std::vector<std::string> exclude;
  std::vector<std::string> column;
  std::vector<std::string> where;
  std::optional<std::string> dataset, jobs, limit, preview, on_error, memory_limit, log_format;
  std::optional<std::string> numeric, unrepresentable, read, max_rate, compression;
  std::optional<std::string> data_path, profile, batch_rows;
  bool views = false, dry_run = false, json = false, force = false, primary_keys = false;
  bool quiet = false, verbose = false, help = false;
};

void declare_options(CLI::App& app, RawOptions& raw) {
  app.set_help_flag();
  app.allow_extras();
  app.add_option("positionals", raw.positionals);
  const auto list = [&app](const char* name, std::vector<std::string>& values) {
    app.add_option(name, values)
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->allow_extra_args(false);
  };
  list("--tables", raw.tables);
  list("--exclude", raw.exclude);
  list("--column", raw.column);
  list("--where", raw.where);
  const auto value = [&app](const char* name, std::optional<std::string>& text) {
    // Given twice, the last one counts, so that a wrapper script's options can be overridden.
    app.add_option(name, text)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  };
  value("--dataset", raw.dataset);
  value("--jobs", raw.jobs);
  value("--limit", raw.limit);
  value("--preview", raw.preview);
  value("--on-error", raw.on_error);
  value("--memory-limit", raw.memory_limit);
  value("--log-format", raw.log_format);
  value("--numeric", raw.numeric);
  value("--unrepresentable", raw.unrepresentable);
  value("--read", raw.read);
  value("--max-rate", raw.max_rate);
  value("--compression", raw.compression);
  value("--data-path", raw.data_path);
  value("--profile", raw.profile);
  value("--batch-rows", raw.batch_rows);
  const auto flag = [&app](const char* name, bool& given) { app.add_flag(name, given)->disable_flag_override(); };
  flag("--views", raw.views);
  flag("--dry-run", raw.dry_run);
  flag("--json", raw.json);
  flag("--force", raw.force);
  flag("--primary-keys", raw.primary_keys);
  flag("-q,--quiet", raw.quiet);
  flag("-v,--verbose", raw.verbose);
  flag("-h,--help", raw.help);
}

/// A value that each option takes, for messages.
std::string_view example_value(std::string_view option) {
  struct Example {
    std::string_view option;
    std::string_view value;
  };

  constexpr std::array kExamples{Example{"--tables", "'public.*'"},
                                 Example{"--exclude", "'public.tmp_*'"},
                                 Example{"--dataset", "replica"},
                                 Example{"--jobs", "4"},
                                 Example{"--limit", "1000"},
                                 Example{"--preview", "5"},
                                 Example{"--on-error", "skip"},
                                 Example{"--memory-limit", "4GB"},
                                 Example{"--log-format", "json"},
                                 Example{"--numeric", "varchar"},
                                 Example{"--unrepresentable", "null"},
                                 Example{"--read", "gentle"},
                                 Example{"--max-rate", "20MB"},
                                 Example{"--compression", "fast"},
                                 Example{"--data-path", "/data/shop"},
                                 Example{"--profile", "motherduck"},
                                 Example{"--batch-rows", "1000000"},
                                 Example{"--column", "'public.orders.note=exclude'"},
                                 Example{"--where", "'public.orders=id > 1000'"}};
  const auto* found = std::ranges::find(kExamples, option, &Example::option);
  return found == kExamples.end() ? "" : found->value;
}

Error bad_value(std::string_view option, std::string_view needs, const std::string& given) {
  return usage(fmt::format("{} needs {}, not '{}'", option, needs, printable(redact(given))),
               fmt::format("e.g. {} {}", option, example_value(option)));
}

Error unexpected(const std::string& argument) {
  const std::string shown = printable(redact(argument));
  if (!argument.starts_with('-')) {
    return usage(fmt::format("unexpected argument '{}'", shown),
                 "pg2duck copy takes SOURCE and TARGET; a list goes in quotes: --tables 'a, b'");
  }
  const std::string name = argument.substr(0, argument.find('='));
  if (name == "--version") {
    return usage("--version stands alone", "pg2duck --version");
  }
  const std::optional<std::string> nearest = nearest_word(name, kCopyOptions);
  return usage(fmt::format("unknown option {}", printable(redact(name))),
               nearest ? fmt::format("did you mean {}?", *nearest) : "pg2duck copy --help lists the options");
}

/// CLI11's own complaints, which can only be about a missing or superfluous value.
Error parse_error(const CLI::ParseError& error) {
  for (const std::string_view option : kCopyOptions) {
    // Its messages hold the option's name; the one about a flag with a value begins with it, without dashes.
    const std::string_view message = error.what();
    if (message.find(option) != std::string_view::npos || message.starts_with(option.substr(2))) {
      const std::string_view value = example_value(option);
      return value.empty() ? usage(fmt::format("{} takes no value", option), fmt::format("write {} alone", option))
                           : usage(fmt::format("{} needs a value", option), fmt::format("e.g. {} {}", option, value));
    }
  }
  return usage("the arguments cannot be understood", "pg2duck copy --help lists the options");
}

RawOptions parse_raw(std::span<const std::string> arguments) {
  CLI::App app;
  RawOptions raw;
  declare_options(app, raw);
  // CLI11 takes them from the back.
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    app.parse(std::move(reversed));
  } catch (const CLI::ParseError& error) {
    throw parse_error(error);
  }
  if (raw.help) {
    return raw;
  }
  const std::vector<std::string> extras = app.remaining();
  const auto is_option = [](const std::string& extra) { return extra.size() > 1 && extra.starts_with('-'); };
  // A misspelled option leaves its value among the arguments: the option is what to speak of.
  if (const auto option = std::ranges::find_if(extras, is_option); option != extras.end()) {
    throw unexpected(*option);
  }
  if (!extras.empty() || raw.positionals.size() > 2) {
    throw unexpected(extras.empty() ? raw.positionals[2] : extras.front());
  }
  return raw;
}

std::uint64_t positive_number(std::string_view option, const std::string& text, std::uint64_t least,
                              std::uint64_t most) {
  const std::optional<std::uint64_t> number = parse_count(text);
  if (!number || *number < least || *number > most) {
    const bool bounded = most != UINT64_MAX;
    throw bad_value(
        option,
        bounded ? fmt::format("a number from {} to {}", least, most) : fmt::format("a whole number, {} or more", least),
        text);
  }
  return *number;
}

void check_patterns(std::string_view option, const std::vector<std::string>& patterns) {
  for (const std::string& pattern : patterns) {
    if (pattern.find_first_not_of(" \t,") == std::string::npos) {
      throw bad_value(option, "table names or patterns", pattern);
    }
    if (pattern.ends_with(',')) {
      // The shell split `a, b`, and the rest of the list stands among the arguments.
      throw usage(fmt::format("{} '{}' ends in a comma", option, printable(pattern)),
                  fmt::format("put a list in quotes: {} 'a, b'", option));
    }
    if (pattern.starts_with("--")) {
      throw usage(fmt::format("{} needs a value", option), fmt::format("e.g. {} {}", option, example_value(option)));
    }
  }
}

/// A value that is itself an option means that the value was forgotten.
void check_forgotten_value(std::string_view option, const std::optional<std::string>& text) {
  if (text && text->starts_with("--")) {
    throw usage(fmt::format("{} needs a value", option), fmt::format("e.g. {} {}", option, example_value(option)));
  }
}

void check_values_given(const RawOptions& raw) {
  check_patterns("--tables", raw.tables);
  check_patterns("--exclude", raw.exclude);
  check_forgotten_value("--dataset", raw.dataset);
  check_forgotten_value("--jobs", raw.jobs);
  check_forgotten_value("--limit", raw.limit);
  check_forgotten_value("--preview", raw.preview);
  check_forgotten_value("--on-error", raw.on_error);
  check_forgotten_value("--memory-limit", raw.memory_limit);
  check_forgotten_value("--log-format", raw.log_format);
  check_forgotten_value("--numeric", raw.numeric);
  check_forgotten_value("--unrepresentable", raw.unrepresentable);
  check_forgotten_value("--read", raw.read);
  check_forgotten_value("--max-rate", raw.max_rate);
  check_forgotten_value("--compression", raw.compression);
  check_forgotten_value("--data-path", raw.data_path);
  check_forgotten_value("--profile", raw.profile);
  check_forgotten_value("--batch-rows", raw.batch_rows);
}

std::uint64_t memory_limit(const std::string& text) {
  const std::optional<std::uint64_t> bytes = parse_byte_size(text);
  if (!bytes) {
    throw bad_value("--memory-limit", "a size in bytes or with KB, MB, GB, KiB, MiB, GiB", text);
  }
  if (*bytes < kLeastMemory) {
    throw usage(fmt::format("--memory-limit {} is {}, too little for DuckDB", printable(text), format_bytes(*bytes)),
                "e.g. --memory-limit 4GB");
  }
  return *bytes;
}

config::Compression compression(const std::string& text) {
  if (text != "auto" && text != "duckdb" && text != "fast") {
    throw bad_value("--compression", "auto, duckdb or fast", text);
  }
  return text == "auto"     ? config::Compression::kAuto
         : text == "duckdb" ? config::Compression::kDuckdb
                            : config::Compression::kFast;
}

/// How the rows are read, and how much of both sides that may take.
void read_effort(const RawOptions& raw, config::CopyOptions& options) {
  if (raw.read) {
    const auto method = config::parse_read_method(*raw.read);
    if (!method) {
      throw bad_value("--read", "auto, copy, pages or gentle", *raw.read);
    }
    options.read = *method;
  }
  if (raw.max_rate) {
    const std::optional<std::uint64_t> bytes = parse_byte_size(*raw.max_rate);
    if (!bytes || *bytes == 0) {
      throw bad_value("--max-rate", "bytes a second, or with KB, MB, GB, KiB, MiB, GiB", *raw.max_rate);
    }
    options.max_rate = *bytes;
  }
  if (raw.jobs) {
    options.jobs = static_cast<unsigned>(positive_number("--jobs", *raw.jobs, 1, kMostJobs));
  }
  if (raw.memory_limit) {
    options.memory_limit_bytes = memory_limit(*raw.memory_limit);
  }
  if (raw.compression) {
    options.compression = compression(*raw.compression);
  }
}

/// Where to, and under which limits of the target.
void read_target(const RawOptions& raw, const Environment& environment, config::CopyOptions& options) {
  options.target_token = target_token(options.target, environment);
  options.extension_directory = environment("PG2DUCK_EXTENSION_DIRECTORY").value_or("");
  options.data_path = raw.data_path.value_or("");
  if (raw.profile) {
    if (*raw.profile != "target" && *raw.profile != "motherduck") {
      throw bad_value("--profile", "target or motherduck", *raw.profile);
    }
    options.profile = *raw.profile == "motherduck" ? config::Profile::kMotherduck : config::Profile::kTarget;
  }
  if (raw.batch_rows) {
    options.batch_rows = positive_number("--batch-rows", *raw.batch_rows, 1, UINT64_MAX);
  }
}

/// How columns arrive, and which rows.
void read_rules(const RawOptions& raw, config::CopyOptions& options) {
  if (raw.numeric) {
    const auto numeric = types::parse_numeric_target(*raw.numeric);
    if (!numeric) {
      throw bad_value("--numeric", "auto, varchar, double or decimal(p,s) with p up to 38", *raw.numeric);
    }
    options.numeric = *numeric;
  }
  if (raw.unrepresentable) {
    const auto policy = config::parse_unrepresentable(*raw.unrepresentable);
    if (!policy) {
      throw bad_value("--unrepresentable", "error, null or text", *raw.unrepresentable);
    }
    options.unrepresentable = *policy;
  }
  for (const std::string& text : raw.column) {
    options.columns.push_back(config::ColumnRule::parse(text));
  }
  for (const std::string& text : raw.where) {
    options.where.push_back(config::RowFilter::parse(text));
  }
}

config::CopyOptions copy_options(const RawOptions& raw, const Environment& environment) {
  config::CopyOptions options;
  options.tables = raw.tables;
  options.exclude = raw.exclude;
  options.views = raw.views;
  options.dry_run = raw.dry_run;
  options.force = raw.force;
  options.primary_keys = raw.primary_keys;
  if (raw.dataset) {
    if (raw.dataset->empty()) {
      throw bad_value("--dataset", "the name of a schema", *raw.dataset);
    }
    options.dataset = raw.dataset;
  }
  if (raw.limit) {
    options.limit = positive_number("--limit", *raw.limit, 1, UINT64_MAX);
  }
  if (raw.preview) {
    options.preview = positive_number("--preview", *raw.preview, 0, 1000);
  }
  if (raw.on_error) {
    if (*raw.on_error != "abort" && *raw.on_error != "skip") {
      throw bad_value("--on-error", "abort or skip", *raw.on_error);
    }
    options.on_error = *raw.on_error == "skip" ? config::OnError::kSkip : config::OnError::kAbort;
  }
  read_effort(raw, options);
  read_rules(raw, options);
  Endpoints endpoints = resolve_endpoints(raw.positionals, environment);
  options.source = std::move(endpoints.source);
  options.target = std::move(endpoints.target);
  read_target(raw, environment, options);
  return options;
}

Command help(std::string_view text) {
  Command command;
  command.action = Command::Action::kHelp;
  command.help = text;
  return command;
}

Command parse_copy(std::span<const std::string> arguments, const Environment& environment) {
  const RawOptions raw = parse_raw(arguments);
  if (raw.help) {
    return help(copy_help());
  }
  check_values_given(raw);
  Command command;
  if (raw.log_format) {
    if (*raw.log_format != "text" && *raw.log_format != "json") {
      throw bad_value("--log-format", "text or json", *raw.log_format);
    }
    command.log_format = *raw.log_format == "json" ? LogFormat::kJson : LogFormat::kText;
  }
  if (raw.quiet && raw.verbose) {
    throw usage("--quiet and --verbose exclude each other", "leave one of them out");
  }
  command.verbosity = raw.quiet ? Verbosity::kQuiet : raw.verbose ? Verbosity::kVerbose : Verbosity::kNormal;
  command.json = raw.json;
  command.copy = copy_options(raw, environment);
  return command;
}

Error unknown_command(const std::string& word) {
  const std::string shown = printable(redact(word));
  if (is_connection_string(word) || word.ends_with(".duckdb") || word.ends_with(".db")) {
    return usage("the command is missing", "pg2duck copy SOURCE TARGET");
  }
  const std::string_view kind = word.starts_with('-') ? "option" : "command";
  const std::optional<std::string> nearest = nearest_word(word, kCommands);
  if (nearest) {
    return usage(fmt::format("unknown {} '{}'", kind, shown), fmt::format("did you mean pg2duck {}?", *nearest));
  }
  const bool copy_option = std::ranges::find(kCopyOptions, word) != kCopyOptions.end();
  return usage(fmt::format("unknown {} '{}'", kind, shown),
               copy_option ? "options stand after the command: pg2duck copy SOURCE TARGET " + shown
                           : "pg2duck copy SOURCE TARGET copies tables; pg2duck --help tells more");
}

}  // namespace

std::span<const std::string_view> copy_option_names() {
  return kCopyOptions;
}

Command parse_arguments(std::span<const std::string> arguments, const Environment& environment) {
  if (arguments.empty()) {
    throw usage("the command is missing", "pg2duck copy SOURCE TARGET copies tables; pg2duck --help tells more");
  }
  const std::string& word = arguments.front();
  if (word == "copy") {
    return parse_copy(arguments.subspan(1), environment);
  }
  if (word == "--help" || word == "-h" || word == "help") {
    return help(arguments.size() > 1 && arguments[1] == "copy" ? copy_help() : program_help());
  }
  if (word == "--version" || word == "-V" || word == "version") {
    Command command;
    command.action = Command::Action::kVersion;
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
  return parse_arguments(arguments, process_environment);
}

}  // namespace pg2duck::cli
