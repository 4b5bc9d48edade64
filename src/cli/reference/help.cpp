#include "cli/reference/help.hpp"

#include <array>
#include <ranges>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/grammar/option.hpp"
#include "cli/reference/phrase.hpp"
#include "cli/terminal/display_text.hpp"
#include "cli/terminal/paragraph.hpp"

namespace pg2duck::cli {
namespace {

constexpr std::size_t kWidth = 100;
/// Where the text of an option begins.
constexpr std::size_t kTextColumn = 26;

/// `left`, and lines of words beside or below it.
std::string hanging(const std::string& left, const std::vector<std::string>& words, std::size_t column) {
  std::string text = left;
  bool beside = display_width(left) + 2 <= column;
  for (const std::string& line : wrap(words, kWidth - column)) {
    text = beside ? pad_right(text, column) + line : text + "\n" + std::string(column, ' ') + line;
    beside = false;
  }
  return text + "\n";
}

/// "-q, --quiet", "--views, --no-views", "--jobs N".
std::string option_names(const Option& option, const Option* negation) {
  const std::string letter = option.about->letter == 0 ? "" : fmt::format("-{}, ", option.about->letter);
  const std::string value = option.takes_value() ? " " + option.value() : "";
  return fmt::format("  {}{}{}{}", letter, option.name, negation == nullptr ? "" : ", " + negation->name, value);
}

/// With `detailed` all that there is to say of it.
std::vector<std::string> option_words(const Option& option, bool detailed) {
  const config::Setting& about = *option.about;
  std::vector<std::string> words = words_of(detailed ? whole_phrase(about) : summary_phrase(about));
  if (detailed && option.takes_value() && about.kind != config::Setting::Kind::kChoice) {
    words.push_back(fmt::format("E.g. {} {}", option.name, about.example));
  }
  return words;
}

std::string group_text(const OptionGroup& group, bool detailed) {
  std::string text = fmt::format("\n{}:\n", group.title);
  for (std::size_t i = 0; i < group.options.size(); ++i) {
    const Option& option = group.options[i];
    const bool paired = i + 1 < group.options.size() && group.options[i + 1].negated;
    text += hanging(option_names(option, paired ? &group.options[i + 1] : nullptr), option_words(option, detailed),
                    kTextColumn);
    i += paired ? 1 : 0;
  }
  return text;
}

std::string paragraphs(std::string_view about) {
  std::string text;
  for (const auto paragraph : about | std::views::split('\n')) {
    const std::string_view sentences(paragraph.begin(), paragraph.end());
    text += fmt::format("{}\n", fmt::join(wrap(words_of(sentences), kWidth), "\n"));
  }
  return text;
}

std::string arguments_text(const CommandInfo& command) {
  std::string text = command.arguments.empty() ? "" : "\n";
  for (const Argument& argument : command.arguments) {
    text += hanging(fmt::format("  {}", argument.name), words_of(argument.text), 11);
  }
  return text;
}

std::string examples_text(std::span<const std::string_view> examples) {
  std::string text = examples.empty() ? "" : "\nExamples:\n";
  for (const std::string_view example : examples) {
    text += fmt::format("  {}\n", example);
  }
  return text;
}

std::string exit_codes_text() {
  std::string text = "\nExit codes:\n";
  for (const ExitCode& exit_code : exit_codes()) {
    text += hanging(fmt::format("  {}", exit_code.code), words_of(exit_code.meaning), 12);
  }
  return text;
}

std::string commands_text() {
  std::string text;
  for (const CommandInfo& command : commands()) {
    text += hanging("  " + usage_of(command), words_of(command.summary), 44);
  }
  text += hanging("  pg2duck COMMAND --help", words_of("the options of a command"), 44);
  text += hanging("  pg2duck --version", words_of("versions of pg2duck, DuckDB and libpq"), 44);
  return text;
}

}  // namespace

std::string program_help() {
  constexpr std::string_view kAbout =
      "pg2duck copies Postgres tables exactly into a DuckDB file, a quack server, a lake or MotherDuck: all tables of "
      "one instant, published together.";
  constexpr std::array<std::string_view, 2> kExamples{
      "pg2duck copy 'postgresql://me@db.example.com/shop' shop.duckdb",
      "pg2duck copy shop.duckdb    # the source is what psql would connect to: PGHOST, PGDATABASE, ...",
  };
  return paragraphs(kAbout) + "\nUsage:\n" + commands_text() + examples_text(kExamples) + exit_codes_text();
}

std::string command_help(Action action) {
  const CommandInfo& command = command_info(action);
  std::string text = paragraphs(command.about) + "\nUsage:\n  " + usage_of(command) + "\n" + arguments_text(command);
  for (const OptionGroup& group : option_groups(action)) {
    text += group_text(group, command.detailed);
  }
  text += examples_text(command.examples);
  const bool runs = action == Action::kCopy || action == Action::kSync;
  return text + (runs ? exit_codes_text() : "");
}

}  // namespace pg2duck::cli
