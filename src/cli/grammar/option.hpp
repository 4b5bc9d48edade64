#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/grammar/command.hpp"
#include "cli/grammar/request.hpp"

namespace pg2duck::cli {

/// One option of a command: a setting, one of its two directions, or something for the command line alone.
struct Option {
  const config::Setting* about = nullptr;
  std::string name;                        ///< "--max-rate", "--no-views"
  bool negated = false;                    ///< it switches off
  const RequestOption* request = nullptr;  ///< set: it is no setting

  [[nodiscard]] bool takes_value() const { return about->kind != config::Setting::Kind::kSwitch; }

  /// "SIZE", or the words of a choice: "auto|copy"; empty when it takes none.
  [[nodiscard]] std::string value() const;
};

/// Options that stand together in a help.
struct OptionGroup {
  std::string_view title;
  std::vector<Option> options;
};

/// All that `action` has, each once.
std::vector<OptionGroup> option_groups(Action action);

/// The same without groups.
std::vector<Option> options_of(Action action);

/// The words of the commands that have an option of this name, with its dashes.
std::vector<std::string_view> commands_with(std::string_view option);

}  // namespace pg2duck::cli
