#include "cli/reference/manual.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "cli/grammar/option.hpp"
#include "cli/reference/phrase.hpp"
#include "config/settings/index.hpp"

namespace pg2duck::cli {
namespace {

constexpr std::string_view kBegin = "<!-- settings: ";
constexpr std::string_view kBeginEnd = " -->\n";
constexpr std::string_view kEnd = "<!-- end of settings -->";

/// `text` with a backslash before each of `special`. A | ends a cell, inside of code, too.
std::string escaped(std::string_view text, std::string_view special) {
  std::string result;
  for (const char c : text) {
    result += special.find(c) == std::string_view::npos ? std::string(1, c) : std::string{'\\', c};
  }
  return result;
}

std::string flag_cell(const Option& option) {
  const std::string letter = option.about->letter == 0 ? "" : fmt::format("`-{}`, ", option.about->letter);
  const std::string value = option.takes_value() ? " " + option.value() : "";
  return fmt::format("{}`{}{}`", letter, option.name, escaped(value, "|"));
}

std::string meaning_cell(const config::Setting& setting) {
  const std::string more = setting.see.empty() ? "" : fmt::format(" [More]({})", setting.see);
  return escaped(whole_phrase(setting), "|*_<") + more;
}

/// Keys of pg2duck.toml.
std::string key_table(const config::Chapter& chapter) {
  std::string text = "| key | meaning |\n|---|---|\n";
  for (const config::Setting& setting : chapter.settings) {
    text += fmt::format("| `{}` | {} |\n", setting.name, meaning_cell(setting));
  }
  return text;
}

/// Options, and the keys that most of them are, too.
std::string option_table(const std::vector<Option>& options) {
  std::string text = "| option | key | meaning |\n|---|---|---|\n";
  for (const Option& option : options) {
    const config::Setting& about = *option.about;
    const bool key = option.request == nullptr && about.stands_in.top;
    text += fmt::format("| {} | {} | {} |\n", flag_cell(option), key ? fmt::format("`{}`", about.name) : "",
                        meaning_cell(about));
  }
  return text;
}

/// Options of a chapter, by whichever command has them.
std::vector<Option> options_in(std::string_view title) {
  std::vector<Option> found;
  for (const CommandInfo& command : commands()) {
    for (const OptionGroup& group : option_groups(command.action)) {
      for (const Option& option : group.options) {
        const bool known = std::ranges::find(found, option.name, &Option::name) != found.end();
        if (group.title == title && !known && !option.negated) {
          found.push_back(option);
        }
      }
    }
  }
  return found;
}

std::string table_of(std::string_view title) {
  const auto chapters = config::chapters();
  const auto chapter = std::ranges::find(chapters, title, &config::Chapter::title);
  if (chapter == chapters.end()) {
    throw Error(ErrorKind::kBug, fmt::format("there is no chapter of settings '{}'", title));
  }
  const std::vector<Option> options = options_in(title);
  return options.empty() ? key_table(*chapter) : option_table(options);
}

}  // namespace

std::string with_tables(std::string_view text) {
  std::string result;
  while (true) {
    const std::size_t begin = text.find(kBegin);
    if (begin == std::string_view::npos) {
      return result + std::string(text);
    }
    const std::size_t title = begin + kBegin.size();
    const std::size_t title_end = text.find(kBeginEnd, title);
    const std::size_t end = text.find(kEnd, title);
    if (title_end == std::string_view::npos || end == std::string_view::npos) {
      throw Error(ErrorKind::kBug, "a table of settings has no end");
    }
    result += text.substr(0, title_end + kBeginEnd.size());
    result += "\n" + table_of(text.substr(title, title_end - title)) + "\n";
    text.remove_prefix(end);
    result += text.substr(0, kEnd.size());
    text.remove_prefix(kEnd.size());
  }
}

}  // namespace pg2duck::cli
