#include "cli/grammar/command.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace pg2duck::cli {
namespace {

using config::Commands;

constexpr std::array<std::string_view, 3> kShells{"bash", "zsh", "fish"};

constexpr std::array kEndpoints{
    Argument{"SOURCE",
             "a Postgres URI or key=value string: 'postgresql://me@host:5432/shop', 'host=db dbname=shop', "
             "'service=shop'. Left out: PG2DUCK_SOURCE, else the PG* variables, as psql takes them. Passwords are best "
             "kept in ~/.pgpass, PGPASSWORD or a service file, not on the command line."},
    Argument{"TARGET",
             "the DuckDB file, created if absent: shop.duckdb; or quack:host:port, ducklake:catalog, md:database, "
             "parquet:directory, parquet:s3://bucket/prefix, or gs://, r2://, az://. Left out: PG2DUCK_TARGET."},
};

constexpr std::array kShellArgument{
    Argument{"SHELL", "bash, zsh or fish", kShells},
};

constexpr std::array<std::string_view, 4> kCopyExamples{
    "pg2duck copy 'postgresql://me@db.example.com/shop' shop.duckdb",
    "pg2duck copy 'service=shop' shop.duckdb --tables 'public.*' --exclude 'public.audit_*'",
    "pg2duck copy 'service=shop' shop.duckdb --dry-run",
    "PG2DUCK_SOURCE='service=shop' pg2duck copy shop.duckdb --json --quiet > report.json",
};

constexpr std::array<std::string_view, 3> kSyncExamples{
    "pg2duck sync",
    "pg2duck sync --tables public.orders --target test.duckdb",
    "SHOP_PASSWORD=... pg2duck sync --config /etc/pg2duck/shop.toml --quiet",
};

constexpr std::array<std::string_view, 1> kInitExamples{
    "pg2duck init 'service=shop' shop.duckdb && pg2duck plan",
};

constexpr std::array<std::string_view, 3> kCompletionsExamples{
    "pg2duck completions bash > ~/.local/share/bash-completion/completions/pg2duck",
    "pg2duck completions zsh > /usr/local/share/zsh/site-functions/_pg2duck",
    "pg2duck completions fish > ~/.config/fish/completions/pg2duck.fish",
};

constexpr std::array<std::string_view, 1> kManExamples{"pg2duck man | man -l -"};

constexpr std::array<std::string_view, 1> kSchemaExamples{"pg2duck schema > pg2duck.schema.json"};

constexpr std::array kCommands{
    CommandInfo{.action = Action::kCopy,
                .word = "copy",
                .usage = "[SOURCE] TARGET [options]",
                .summary = "copy tables",
                .about = "Copies Postgres tables into a DuckDB file. Every table is of the same snapshot, and all of "
                         "them appear in the file in one transaction; if anything fails, the file keeps what it had.",
                .arguments = kEndpoints,
                .examples = kCopyExamples,
                .flags = &Commands::copy,
                .detailed = true},
    CommandInfo{.action = Action::kSync,
                .word = "sync",
                .usage = "[options]",
                .summary = "copy what pg2duck.toml says",
                .about = "Copies what the configuration says. It is read from pg2duck.toml in the working directory, "
                         "which `pg2duck init` writes from a live source, or from a dlt project there "
                         "(.dlt/config.toml, .dlt/secrets.toml).\n"
                         "Values are taken from the command line, else from PG2DUCK_ variables, else from the file: a "
                         "setting NAME can come from PG2DUCK_NAME, as in PG2DUCK_JOBS=4, PG2DUCK_MAX_RATE=20MB. "
                         "--tables and --exclude replace the lists of the file; --column and --where follow its rules, "
                         "so that they count.\n"
                         "`pg2duck copy --help` says more of each option, `pg2duck man` of each key of the file.",
                .examples = kSyncExamples,
                .flags = &Commands::sync},
    CommandInfo{.action = Action::kPlan,
                .word = "plan",
                .usage = "[options]",
                .summary = "show what sync would do, change nothing",
                .about = "Shows what `pg2duck sync` would do, table by table, and changes nothing. It has the options "
                         "of `pg2duck sync`; `pg2duck copy --help` says more of each.",
                .flags = &Commands::plan},
    CommandInfo{.action = Action::kInit,
                .word = "init",
                .usage = "[SOURCE] TARGET [options]",
                .summary = "write pg2duck.toml from what the source has",
                .about = "Writes pg2duck.toml, with a comment to each setting, from the tables that the source has. A "
                         "password is not written down: the file refers to an environment variable.",
                .arguments = kEndpoints,
                .examples = kInitExamples,
                .flags = &Commands::init,
                .detailed = true},
    CommandInfo{.action = Action::kExplainConfig,
                .word = "explain-config",
                .usage = "[options]",
                .summary = "show every setting and where its value comes from",
                .about = "Shows every value that `pg2duck sync` would use, and where it comes from. Connects to "
                         "nothing, shows no secret. It has the options of `pg2duck sync`, to see what they would "
                         "change; `pg2duck copy --help` says more of each.",
                .flags = &Commands::explain_config},
    CommandInfo{.action = Action::kCompletions,
                .word = "completions",
                .usage = "SHELL",
                .summary = "print completions for bash, zsh or fish",
                .about = "Prints what a shell needs to complete commands, options and their values.",
                .arguments = kShellArgument,
                .examples = kCompletionsExamples},
    CommandInfo{.action = Action::kMan,
                .word = "man",
                .usage = "",
                .summary = "print the manual page",
                .about = "Prints the manual page, in roff: all commands, options and keys of pg2duck.toml.",
                .examples = kManExamples},
    CommandInfo{.action = Action::kSchema,
                .word = "schema",
                .usage = "",
                .summary = "print the JSON schema of pg2duck.toml, for editors",
                .about = "Prints the JSON schema of pg2duck.toml. Editors complete and check the file by it, where its "
                         "first line is #:schema and the path or address of the schema.",
                .examples = kSchemaExamples},
};

constexpr std::array kExitCodes{
    ExitCode{"0", "done"},
    ExitCode{"1", "failed, nothing published"},
    ExitCode{"2", "wrong usage or configuration"},
    ExitCode{"3", "published, but not all is done: tables left out (--on-error skip), a share not updated"},
    ExitCode{"130, 143", "interrupted, nothing published"},
};

}  // namespace

std::span<const CommandInfo> commands() {
  return kCommands;
}

const CommandInfo& command_info(Action action) {
  return *std::ranges::find(kCommands, action, &CommandInfo::action);
}

std::string usage_of(const CommandInfo& command) {
  return fmt::format("pg2duck {}{}{}", command.word, command.usage.empty() ? "" : " ", command.usage);
}

const CommandInfo* find_command(std::string_view word) {
  const auto* found = std::ranges::find(kCommands, word, &CommandInfo::word);
  return found == kCommands.end() ? nullptr : found;
}

std::span<const std::string_view> shells() {
  return kShells;
}

std::span<const ExitCode> exit_codes() {
  return kExitCodes;
}

}  // namespace pg2duck::cli
