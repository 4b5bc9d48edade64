#include "cli/arguments.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/redaction.hpp"
#include "cli/grammar/option.hpp"
#include "cli/reference/help.hpp"
#include "config/rules/quantity.hpp"
#include "config/target.hpp"
#include "support/error_of.hpp"

namespace pg2duck::cli {
namespace {

using Variables = std::map<std::string, std::string>;

Command parse(const std::vector<std::string>& arguments, const Variables& variables = {}) {
  return parse_arguments(arguments, [&variables](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

/// "message | hint" of the usage error that the arguments of `copy` cause.
std::string failure(std::vector<std::string> arguments, const Variables& variables = {}) {
  arguments.insert(arguments.begin(), "copy");
  try {
    parse(arguments, variables);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    return std::string(error.what()) + " | " + error.hint();
  }
  return "no error";
}

std::string scrubbed(std::string text) {
  scrub(text.data());
  return text.c_str();
}

TEST(CliArguments, TakesEveryOption) {
  const Command command = parse({"copy",           "dbname=shop", "shop.duckdb", "--tables",       "a,b.*",
                                 "--tables=c",     "--exclude",   "d",           "--dataset",      "replica",
                                 "--views",        "--jobs",      "4",           "--limit",        "1000",
                                 "--preview",      "5",           "--dry-run",   "--json",         "--force",
                                 "--primary-keys", "--on-error",  "skip",        "--memory-limit", "1.5GiB",
                                 "--log-format",   "json",        "-v",          "--compression",  "fast"});
  EXPECT_EQ(command.action, Action::kCopy);
  EXPECT_EQ(command.copy.source.reveal(), "dbname=shop");
  EXPECT_EQ(command.copy.target, "shop.duckdb");
  EXPECT_EQ(command.copy.tables, (std::vector<std::string>{"a,b.*", "c"}));
  EXPECT_EQ(command.copy.exclude, (std::vector<std::string>{"d"}));
  EXPECT_EQ(command.copy.dataset, "replica");
  EXPECT_TRUE(command.copy.views && command.copy.dry_run && command.copy.force && command.copy.primary_keys);
  EXPECT_EQ(command.copy.jobs, 4U);
  EXPECT_EQ(command.copy.limit, 1000U);
  EXPECT_EQ(command.copy.preview, 5U);
  EXPECT_EQ(command.copy.on_error, config::OnError::kSkip);
  EXPECT_EQ(command.copy.compression, config::Compression::kFast);
  EXPECT_EQ(command.copy.memory_limit_bytes, 1610612736U);
  EXPECT_TRUE(command.request.json);
  EXPECT_EQ(command.request.log_format, LogFormat::kJson);
  EXPECT_EQ(command.verbosity, Verbosity::kVerbose);
}

TEST(CliArguments, LastOfARepeatedOptionCounts) {
  EXPECT_EQ(parse({"copy", "t.duckdb", "--jobs", "1", "--jobs", "2"}).copy.jobs, 2U);
}

TEST(CliArguments, DefaultsAreThoseOfTheLibrary) {
  const Command command = parse({"copy", "shop.duckdb"});
  EXPECT_TRUE(command.copy.source.empty());
  EXPECT_EQ(command.copy.jobs, 0U);
  EXPECT_FALSE(command.copy.limit);
  EXPECT_EQ(command.verbosity, Verbosity::kNormal);
}

TEST(CliArguments, EndpointsComeFromTheEnvironment) {
  const Variables both{{"PG2DUCK_SOURCE", "service=shop"}, {"PG2DUCK_TARGET", "env.duckdb"}};
  EXPECT_EQ(parse({"copy"}, both).copy.target, "env.duckdb");
  EXPECT_EQ(parse({"copy", "arg.duckdb"}, both).copy.source.reveal(), "service=shop");
  EXPECT_EQ(parse({"copy", "arg.duckdb"}, both).copy.target, "arg.duckdb");
  EXPECT_EQ(parse({"copy", "dbname=x"}, both).copy.source.reveal(), "dbname=x");
  EXPECT_EQ(parse({"copy", "dbname=x"}, both).copy.target, "env.duckdb");
}

TEST(CliArguments, HelpAndVersion) {
  EXPECT_EQ(parse({"--version"}).action, Action::kVersion);
  EXPECT_EQ(parse({"--help"}).text, program_help());
  EXPECT_EQ(parse({"copy", "--help"}).text, command_help(Action::kCopy));
  EXPECT_EQ(parse({"copy", "a", "--frob", "-h"}).text, command_help(Action::kCopy));
}

TEST(CliArguments, HelpKnowsEveryOptionAndNoOther) {
  for (const Action action : {Action::kCopy, Action::kSync, Action::kPlan, Action::kInit, Action::kExplainConfig}) {
    const std::string help = command_help(action);
    std::set<std::string> named;
    for (std::size_t at = help.find("--"); at != std::string::npos; at = help.find("--", at + 2)) {
      const std::size_t end = help.find_first_not_of("-abcdefghijklmnopqrstuvwxyz", at);
      named.emplace(help.substr(at, end - at));
    }
    std::set<std::string> known;
    for (const Option& option : options_of(action)) {
      known.insert(option.name);
    }
    EXPECT_EQ(named, known) << command_info(action).word;
  }
}

TEST(CliArguments, SuggestsTheNearestSpelling) {
  EXPECT_EQ(failure({"--table", "x", "a.duckdb"}), "unknown option --table | did you mean --tables?");
  EXPECT_EQ(failure({"a.duckdb", "--dryrun"}), "unknown option --dryrun | did you mean --dry-run?");
  EXPECT_EQ(failure({"a.duckdb", "--no-views"}),
            "unknown option --no-views | --no-views is an option of pg2duck sync, plan, explain-config");
  EXPECT_EQ(failure({"a.duckdb", "--frobnicate"}),
            "unknown option --frobnicate | pg2duck copy --help lists the options");
  EXPECT_THROW(
      {
        try {
          parse({"cpoy"});
        } catch (const Error& error) {
          EXPECT_EQ(error.hint(), "did you mean pg2duck copy?");
          throw;
        }
      },
      Error);
}

TEST(CliArguments, NewcomersMistakes) {
  EXPECT_EQ(failure({"a.duckdb", "postgresql://u:pw@h/db"}),
            "the arguments are swapped: SOURCE (Postgres) comes first, TARGET (DuckDB file) second | "
            "pg2duck copy 'postgresql://u:***@h/db' 'a.duckdb'");
  EXPECT_EQ(failure({"mydb", "a.duckdb"}),
            "SOURCE 'mydb' is not a Postgres connection string | for a database of that name write 'dbname=mydb'");
  EXPECT_EQ(failure({"", "a.duckdb"}),
            "SOURCE is empty | leave it out to connect as psql would, with the PG* variables");
  EXPECT_TRUE(failure({"dbname=x", ""}).starts_with("TARGET is empty | "));
  EXPECT_TRUE(failure({"dbname=x"}).starts_with("TARGET is missing: the DuckDB file to write | "));
  EXPECT_TRUE(
      failure({"dbname=x", "postgresql://u:pw@h/db"}).starts_with("TARGET 'postgresql://u:***@h/db' is a Postgr"));
  EXPECT_EQ(failure({"dbname=x", "/"}), "TARGET '/' is a directory | name a file in it, e.g. /copy.duckdb");
  EXPECT_EQ(failure({"dbname=x", "a", "--tables", "b,", "c"}),
            "unexpected argument 'c' | pg2duck copy takes SOURCE and TARGET; a list goes in quotes: --tables 'a, b'");
  EXPECT_EQ(failure({"dbname=x", "--tables", "a,", "b"}),
            "--tables 'a,' ends in a comma | put a list in quotes: --tables 'a, b'");
}

TEST(CliArguments, TargetsByTheirPrefix) {
  EXPECT_EQ(failure({"dbname=x", "quack:"}),
            "TARGET 'quack:': a target quack: needs a host and a port | e.g. quack:db.example:9494");
  EXPECT_EQ(failure({"dbname=x", "MD: "}),
            "TARGET 'MD: ': a target md: needs a database | e.g. md:shop, or md: and --database shop");
  EXPECT_TRUE(failure({"dbname=x", "s3://bucket/a.duckdb"})
                  .starts_with("TARGET 's3://bucket/a.duckdb': no kind of target is called s3: | "));
  EXPECT_TRUE(failure({"dbname=x", "qauck:host"})
                  .starts_with("TARGET 'qauck:host': no kind of target is called qauck: | did you mean quack:?"));
  EXPECT_EQ(failure({"dbname=x", "file:///"}),
            "TARGET 'file:///' is a directory | name a file in it, e.g. /copy.duckdb");
  EXPECT_TRUE(failure({"dbname=x", ":memory:"}).find("would be gone when pg2duck ends") != std::string::npos);
  const std::string secret = failure({"dbname=x", "md:shop?motherduck_token=abc"});
  EXPECT_TRUE(secret.find("must not hold a secret") != std::string::npos && secret.find("abc") == std::string::npos)
      << secret;
}

TEST(CliArguments, TokensOfTargetsComeFromTheEnvironment) {
  const Variables variables{{"PG2DUCK_QUACK_TOKEN", "q"}, {"MOTHERDUCK_TOKEN", "m"}, {"motherduck_token", "first"}};
  const auto token = [&](const char* target) {
    return parse({"copy", "dbname=x", target}, variables).copy.target_token.reveal();
  };
  EXPECT_EQ(token("quack:host:1"), "q");
  EXPECT_EQ(token("md:shop"), "first");
  EXPECT_EQ(token("shop.duckdb"), "");
  EXPECT_EQ(token("ducklake:shop.ducklake"), "");
}

TEST(CliArguments, OptionsOfTargets) {
  const config::CopyOptions options = parse({"copy", "dbname=x", "ducklake:x", "--data-path", "/d", "--profile",
                                             "motherduck", "--batch-rows", "500000"},
                                            {{"PG2DUCK_EXTENSION_DIRECTORY", "/e"}})
                                          .copy;
  EXPECT_EQ(options.data_path, "/d");
  EXPECT_EQ(options.profile, config::Profile::kMotherduck);
  EXPECT_EQ(options.batch_rows, 500'000U);
  EXPECT_EQ(options.extension_directory, "/e");
  EXPECT_EQ(parse({"copy", "dbname=x", "a.duckdb", "--storage-version", "v1.4.0"}).copy.storage_version, "v1.4.0");
  EXPECT_EQ(failure({"a.duckdb", "--profile", "big"}),
            "--profile needs target or motherduck, not 'big' | e.g. --profile motherduck");
}

TEST(CliArguments, OptionsOfServices) {
  const config::CopyOptions options = parse({"copy", "dbname=x", "md:", "--database", "shop", "--create-database",
                                             "--create-snapshot", "--update-share", "a", "--update-share", "b"})
                                          .copy;
  EXPECT_EQ(options.target, "md:shop");
  EXPECT_TRUE(options.create_database && options.maintenance.create_snapshot);
  EXPECT_EQ(options.maintenance.update_share, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(parse({"copy", "dbname=x", "ducklake:x", "--expire-after", "2 hours"}).copy.maintenance.expire_after,
            7200U);
  EXPECT_TRUE(failure({"dbname=x", "ducklake:x", "--expire-after", "soon"}).ends_with("e.g. --expire-after '7 days'"));
  EXPECT_NE(failure({"md:"}).find("--database shop"), std::string::npos);
}

TEST(CliArguments, ARunHasOneTarget) {
  const std::string hint(config::kSeveralTargetsHint);
  EXPECT_EQ(failure({"dbname=x", "a.duckdb", "md:shop"}), "a run has one target, and 'md:shop' is another | " + hint);
  EXPECT_EQ(failure({"dbname=x", "a.duckdb", "b.duckdb"}), "a run has one target, and 'b.duckdb' is another | " + hint);
  EXPECT_EQ(test::error_of([] { parse({"sync", "--target", "a.duckdb", "--target", "b.duckdb"}); }).hint(), hint);
}

TEST(CliArguments, BadValuesNameAGoodOne) {
  EXPECT_EQ(failure({"a.duckdb", "--jobs", "0"}), "--jobs needs a number from 1 to 1024, not '0' | e.g. --jobs 4");
  EXPECT_EQ(failure({"a.duckdb", "--jobs", "-1"}), "--jobs needs a number from 1 to 1024, not '-1' | e.g. --jobs 4");
  EXPECT_EQ(failure({"a.duckdb", "--limit", "0"}),
            "--limit needs a whole number, 1 or more, not '0' | e.g. --limit 1000");
  EXPECT_EQ(failure({"a.duckdb", "--preview"}), "--preview needs a value | e.g. --preview 5");
  EXPECT_EQ(failure({"a.duckdb", "--preview", "--json"}), "--preview needs a value | e.g. --preview 5");
  EXPECT_EQ(failure({"a.duckdb", "--json=3"}), "--json takes no value | write --json alone");
  EXPECT_EQ(failure({"a.duckdb", "--on-error", "stop"}),
            "--on-error needs abort or skip, not 'stop' | e.g. --on-error skip");
  EXPECT_EQ(failure({"a.duckdb", "--memory-limit", "4"}),
            "--memory-limit needs 1 MiB or more, in bytes or with KB, MB, GB, KiB, MiB, GiB, not '4' | "
            "e.g. --memory-limit 4GB");
  EXPECT_EQ(failure({"a.duckdb", "--compression", "zstd"}),
            "--compression needs auto, duckdb or fast, not 'zstd' | e.g. --compression fast");
  EXPECT_EQ(failure({"a.duckdb", "--compression", "--json"}), "--compression needs a value | e.g. --compression fast");
  EXPECT_EQ(failure({"a.duckdb", "-q", "-v"}), "--quiet and --verbose exclude each other | leave one of them out");
}

TEST(CliArguments, ByteSizes) {
  EXPECT_EQ(config::parse_byte_size("1073741824"), 1073741824U);
  EXPECT_EQ(config::parse_byte_size("4GB"), 4000000000U);
  EXPECT_EQ(config::parse_byte_size("512 mib"), 536870912U);
  for (const char* text : {"", "GB", "-1", "1XB", "nan", "inf", "9e99", "99999999999TB", "1GB "}) {
    EXPECT_FALSE(config::parse_byte_size(text)) << text;
  }
}

TEST(CliRedaction, HidesPasswords) {
  EXPECT_EQ(redact("postgresql://u:secret@h:5432/db?sslmode=require"), "postgresql://u:***@h:5432/db?sslmode=require");
  EXPECT_EQ(redact("postgres://u:p@ss/w@h/db"), "postgres://u:***@h/db");
  EXPECT_EQ(redact("postgresql://h/db?user=u&password=secret&sslpassword=two"),
            "postgresql://h/db?user=u&password=***&sslpassword=***");
  EXPECT_EQ(redact("host=h password = 'a b\\'c' user=u"), "host=h password = *** user=u");
  EXPECT_EQ(redact("PASSWORD=secret"), "PASSWORD=***");
  EXPECT_EQ(redact("postgresql://u@h:5432/db"), "postgresql://u@h:5432/db");
  EXPECT_EQ(redact("public.password"), "public.password");
}

TEST(CliRedaction, ScrubsInPlace) {
  EXPECT_EQ(scrubbed("postgresql://u:correct-horse@h/db"), "postgresql://u:***@h/db");
  EXPECT_EQ(scrubbed("host=h password=correct-horse"), "host=h password=***");
  EXPECT_EQ(scrubbed("postgresql://u:x@h/db"), "postgresql://u:***@h/");
  EXPECT_EQ(scrubbed(""), "");
}

TEST(CliRedaction, ParsingScrubsArgv) {
  std::string program = "pg2duck";
  std::string copy = "copy";
  std::string source = "postgresql://u:correct-horse@h/db";
  std::string target = "a.duckdb";
  std::vector<char*> argv{program.data(), copy.data(), source.data(), target.data()};
  const Command command = parse_arguments(4, argv.data());
  EXPECT_EQ(command.copy.source.reveal(), "postgresql://u:correct-horse@h/db");
  EXPECT_EQ(source.find("horse"), std::string::npos);
}

}  // namespace
}  // namespace pg2duck::cli
