#include "cli/grammar/option.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "config/settings/index.hpp"

namespace pg2duck::cli {
namespace {

using config::Setting;

/// Over a file, what it switches on can be switched off.
bool has_negation(const Setting& setting, const CommandInfo& command) {
  return setting.kind == Setting::Kind::kSwitch && setting.stands_in.top && config::kConfigured.*command.flags;
}

void add_settings(const config::Chapter& chapter, const CommandInfo& command, std::vector<Option>& options) {
  for (const Setting& setting : chapter.settings) {
    if (!(setting.flag_of.*command.flags)) {
      continue;
    }
    const std::string name = config::flag_of(setting.name);
    options.push_back({.about = &setting, .name = name});
    if (has_negation(setting, command)) {
      options.push_back({.about = &setting, .name = "--no-" + name.substr(2), .negated = true});
    }
  }
}

void add_others(const config::Chapter& chapter, const CommandInfo& command, std::vector<Option>& options) {
  for (const RequestOption& option : request_options()) {
    const bool has = command.flags == nullptr ? option.about.name == "help" : option.about.flag_of.*command.flags;
    if (option.chapter == chapter.title && has) {
      options.push_back({.about = &option.about, .name = config::flag_of(option.about.name), .request = &option});
    }
  }
}

}  // namespace

std::string Option::value() const {
  return !takes_value()          ? std::string()
         : !about->value.empty() ? std::string(about->value)
                                 : fmt::format("{}", fmt::join(about->words, "|"));
}

std::vector<OptionGroup> option_groups(Action action) {
  const CommandInfo& command = command_info(action);
  std::vector<OptionGroup> groups;
  for (const config::Chapter& chapter : config::chapters()) {
    OptionGroup group{.title = chapter.title, .options = {}};
    // Which file it is comes before what goes over the file.
    const bool first = chapter.title == config::kEndpointsTitle;
    if (first) {
      add_others(chapter, command, group.options);
    }
    if (command.flags != nullptr) {
      add_settings(chapter, command, group.options);
    }
    if (!first) {
      add_others(chapter, command, group.options);
    }
    if (!group.options.empty()) {
      groups.push_back(std::move(group));
    }
  }
  return groups;
}

std::vector<Option> options_of(Action action) {
  std::vector<Option> options;
  for (OptionGroup& group : option_groups(action)) {
    std::ranges::move(group.options, std::back_inserter(options));
  }
  return options;
}

std::vector<std::string_view> commands_with(std::string_view option) {
  std::vector<std::string_view> found;
  for (const CommandInfo& command : commands()) {
    const std::vector<Option> options = options_of(command.action);
    if (command.flags != nullptr && std::ranges::find(options, option, &Option::name) != options.end()) {
      found.push_back(command.word);
    }
  }
  return found;
}

}  // namespace pg2duck::cli
