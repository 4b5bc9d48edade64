#include "cli/reference/man_page.hpp"

#include <algorithm>
#include <array>
#include <ranges>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/version.hpp"
#include "cli/grammar/option.hpp"
#include "cli/reference/phrase.hpp"
#include "config/settings/index.hpp"

namespace pg2duck::cli {
namespace {

struct Variable {
  std::string_view name;
  std::string_view meaning;
};

constexpr std::array kVariables{
    Variable{"PG2DUCK_SOURCE, PG2DUCK_TARGET", "the source and the target, where no argument says"},
    Variable{"PG2DUCK_NAME", "the setting NAME, of those that may stand in pg2duck.toml: PG2DUCK_JOBS"},
    Variable{"PGHOST, PGUSER, PGPASSWORD, PGSERVICE, ...", "libpq's, as for psql"},
    Variable{"PG2DUCK_QUACK_TOKEN, motherduck_token",
             "tokens of targets, where neither [target] of pg2duck.toml nor a dlt project has one"},
    Variable{"PG2DUCK_EXTENSION_DIRECTORY", "where DuckDB's signed extension files are looked for first"},
    Variable{"PG2DUCK_SQL_LOG", "a file to which each statement for the target is appended; none holds a secret"},
    Variable{"NO_COLOR", "no colours on a terminal"},
};

/// One character as roff takes it: what it would make a prettier one of stays what it is.
std::string escaped(char c) {
  switch (c) {
    case '\\':
      return "\\e";
    case '-':
      return "\\-";
    case '\'':
      return "\\(aq";
    case '`':
      return "\\(ga";
    case '^':
      return "\\(ha";
    case '~':
      return "\\(ti";
    default:
      return {c};
  }
}

/// Text of roff: no macro at the beginning of a line, and hyphens that can be copied.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool begins = result.empty() || result.back() == '\n';
    if (begins && (c == '.' || c == '\'')) {
      result += "\\&";
    }
    result += escaped(c);
  }
  return result;
}

std::string bold(std::string_view text) {
  return fmt::format("\\fB{}\\fR", escaped(text));
}

std::string entry(const std::string& tag, std::string_view text) {
  return fmt::format(".TP\n{}\n{}\n", tag, escaped(text));
}

std::string example(std::string_view text) {
  return fmt::format(".PP\n.EX\n    {}\n.EE\n", escaped(text));
}

/// What follows a heading.
std::string paragraphs(std::string_view about) {
  std::string text;
  for (const auto paragraph : about | std::views::split('\n')) {
    text += fmt::format("{}{}\n", text.empty() ? "" : ".PP\n",
                        escaped(std::string_view(paragraph.begin(), paragraph.end())));
  }
  return text;
}

std::string command_text(const CommandInfo& command) {
  std::string text = fmt::format(".SS {} {}\n{}", bold("pg2duck " + std::string(command.word)), escaped(command.usage),
                                 paragraphs(command.about));
  for (const Argument& argument : command.arguments) {
    text += entry(bold(argument.name), argument.text);
  }
  for (const std::string_view line : command.examples) {
    text += example(line);
  }
  return text;
}

std::string option_text(const Option& option) {
  const std::string letter = option.about->letter == 0 ? "" : bold(fmt::format("-{}", option.about->letter)) + ", ";
  const std::string value = option.takes_value() ? " " + escaped(option.value()) : "";
  return entry(letter + bold(option.name) + value, option.negated
                                                       ? std::string("switches off what the configuration switches on.")
                                                       : whole_phrase(*option.about)) +
         fmt::format("Of: {}.\n", escaped(fmt::format("{}", fmt::join(commands_with(option.name), ", "))));
}

std::string options_text() {
  std::string text;
  for (const config::Chapter& chapter : config::chapters()) {
    std::vector<std::string> told;
    for (const CommandInfo& command : commands() | std::views::reverse) {
      for (const OptionGroup& group : option_groups(command.action)) {
        for (const Option& option : group.options) {
          if (group.title != chapter.title || std::ranges::find(told, option.name) != told.end()) {
            continue;
          }
          text += told.empty() ? fmt::format(".SS {}\n", escaped(chapter.title)) : "";
          told.push_back(option.name);
          text += option_text(option);
        }
      }
    }
  }
  return text;
}

std::string keys_text(std::string_view title, bool config::Places::* place) {
  std::string text = fmt::format(".SS {}\n", escaped(title));
  for (const config::Setting* setting : config::settings_in(place)) {
    text += entry(bold(setting->name), whole_phrase(*setting));
    text += setting->words.empty() ? "" : fmt::format("One of {}.\n", escaped(needs_of(*setting)));
  }
  return text;
}

std::string file_text() {
  using config::Places;
  return ".SH CONFIGURATION FILE\n"
         "pg2duck.toml is TOML. Keys at the top are options with underscores; any text may hold ${NAME}, which becomes "
         "that environment variable.\n" +
         keys_text("Keys at the top", &Places::top) +
         keys_text("[source], besides keywords of libpq", &Places::source) + keys_text("[target]", &Places::target) +
         keys_text("[table.\"PATTERN\"]", &Places::table) +
         keys_text("columns.NAME of such a section", &Places::column);
}

}  // namespace

std::string man_page() {
  std::string text = fmt::format(
      ".TH PG2DUCK 1 \"\" \"pg2duck {}\" \"User Commands\"\n"
      ".SH NAME\npg2duck \\- exact copies of Postgres tables in DuckDB\n"
      ".SH SYNOPSIS\n.B pg2duck\n.I COMMAND\n[\\fIARGUMENTS\\fR] [\\fIOPTIONS\\fR]\n"
      ".SH DESCRIPTION\npg2duck copies Postgres tables exactly into a DuckDB file, a quack server, a lake or "
      "MotherDuck: all tables of one instant, published together.\n.SH COMMANDS\n",
      kVersion);
  for (const CommandInfo& command : commands()) {
    text += command_text(command);
  }
  text += ".SH OPTIONS\n" + options_text() + file_text() + ".SH ENVIRONMENT\n";
  for (const Variable& variable : kVariables) {
    text += entry(bold(variable.name), variable.meaning);
  }
  text += ".SH EXIT STATUS\n";
  for (const ExitCode& exit_code : exit_codes()) {
    text += entry(bold(exit_code.code), exit_code.meaning);
  }
  return text + ".SH SEE ALSO\n.BR psql (1)\n";
}

}  // namespace pg2duck::cli
