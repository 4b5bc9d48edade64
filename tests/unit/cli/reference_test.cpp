#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "cli/grammar/option.hpp"
#include "cli/reference/completions.hpp"
#include "cli/reference/help.hpp"
#include "cli/reference/man_page.hpp"
#include "cli/reference/manual.hpp"
#include "cli/reference/schema.hpp"
#include "cli/terminal/display_text.hpp"

namespace pg2duck::cli {
namespace {

using testing::HasSubstr;

std::string content_of(const std::string& name) {
  std::ifstream file(name);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Holds a file of docs/ against what is made from the table of settings; `make reference` writes it.
void check_generated(const std::string& name, const std::string& made) {
  if (std::getenv("PG2DUCK_WRITE_REFERENCE") != nullptr) {
    std::ofstream(name) << made;
  }
  EXPECT_TRUE(content_of(name) == made) << name << " is older than the table of settings: run `make reference`";
}

TEST(CliReference, DocumentsAreMadeFromTheSettings) {
  check_generated("docs/pg2duck.schema.json", schema_json());
  check_generated("docs/manual.md", with_tables(content_of("docs/manual.md")));
}

TEST(CliReference, TablesStandBetweenTheirMarks) {
  const std::string page = "# Title\n<!-- settings: Cursors -->\nold\n<!-- end of settings -->\nrest\n";
  const std::string made = with_tables(page);
  EXPECT_THAT(made,
              testing::StartsWith("# Title\n<!-- settings: Cursors -->\n\n| key | meaning |\n|---|---|\n| `cursor`"));
  EXPECT_THAT(made, testing::EndsWith("|\n\n<!-- end of settings -->\nrest\n"));
  EXPECT_THAT(made, testing::Not(HasSubstr("\nold\n")));
  EXPECT_EQ(with_tables(made), made);
  EXPECT_THROW(with_tables("<!-- settings: Nothing -->\n<!-- end of settings -->"), Error);
  EXPECT_THROW(with_tables("<!-- settings: Cursors -->\n"), Error);
  EXPECT_THAT(with_tables("<!-- settings: How it is read, and how much that may take -->\n<!-- end of settings -->"),
              HasSubstr("| `--read auto\\|copy\\|pages\\|gentle` | `read` |"));
}

TEST(CliReference, HelpFitsIntoAHundredColumns) {
  std::string all = program_help();
  for (const CommandInfo& command : commands()) {
    all += command_help(command.action);
  }
  std::istringstream lines(all);
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    EXPECT_LE(display_width(line), 100U) << line;
    EXPECT_FALSE(line.ends_with(' ')) << line;
  }
  EXPECT_GT(count, 200U);
}

TEST(CliReference, HelpOfAnOption) {
  const std::string help = command_help(Action::kCopy);
  EXPECT_THAT(help, HasSubstr("  --limit N               at most N rows of each table, for a first try. Default: all "
                              "rows.\n                          E.g. --limit 1000\n"));
}

/// Each option of each command, and each command.
template <typename Function>
void for_each_option(Function function) {
  for (const CommandInfo& command : commands()) {
    for (const Option& option : options_of(command.action)) {
      function(command, option);
    }
  }
}

TEST(CliReference, CompletionsKnowEveryOption) {
  const std::string bash = completions("bash");
  const std::string zsh = completions("zsh");
  const std::string fish = completions("fish");
  std::size_t count = 0;
  for_each_option([&](const CommandInfo& command, const Option& option) {
    EXPECT_THAT(bash, HasSubstr(option.name));
    EXPECT_THAT(zsh, HasSubstr("'" + std::string(option.about->kind == config::Setting::Kind::kList ? "*" : "") +
                               option.name + (option.takes_value() ? "=[" : "[")));
    EXPECT_THAT(fish, HasSubstr("from " + std::string(command.word) + "' -l " + option.name.substr(2) + " "));
    ++count;
  });
  EXPECT_GT(count, 150U);
  EXPECT_THAT(bash, HasSubstr("    --read) words=\"auto copy pages gentle\" ;;\n"));
  EXPECT_THAT(zsh, HasSubstr(":value:(auto copy pages gentle)'"));
  EXPECT_THAT(fish, HasSubstr("-l read -x -a 'auto copy pages gentle' -d "));
}

TEST(CliReference, ManPageHasAllThatThereIs) {
  const std::string page = man_page();
  EXPECT_THAT(page, testing::StartsWith(".TH PG2DUCK 1 "));
  for_each_option([&](const CommandInfo& command, const Option& option) {
    std::string name = option.name;
    for (std::size_t at = name.find('-'); at != std::string::npos; at = name.find('-', at + 2)) {
      name.insert(at, "\\");
    }
    if (command.flags != nullptr) {
      EXPECT_THAT(page, HasSubstr("\\fB" + name + "\\fR"));
    }
  });
  for (const char* key : {"token_file", "password_file", "null_cursor", "partition_by", "expression"}) {
    EXPECT_THAT(page, HasSubstr(std::string("\\fB") + key + "\\fR"));
  }
}

}  // namespace
}  // namespace pg2duck::cli
