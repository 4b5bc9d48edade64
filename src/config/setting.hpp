#pragma once

#include <span>
#include <string>
#include <string_view>

#include "config/options.hpp"

namespace pg2duck::config {

/// One thing that a user can set. Its name is the key in pg2duck.toml, with dashes it is the flag, in capitals behind
/// PG2DUCK_ the environment variable: all of them read the same texts.
struct Setting {
  enum class Kind {
    kText,    ///< a word, a name, a size
    kCount,   ///< a whole number
    kSwitch,  ///< true or false
    kList,    ///< values that add up
  };

  std::string_view name;  ///< "max_rate"
  Kind kind;
  bool in_file;               ///< pg2duck.toml and the environment may have it; the others are for one run
  std::string_view needs;     ///< what a value must be, for "--jobs needs …"
  std::string_view example;   ///< a good value
  std::string_view fallback;  ///< what holds when nobody says anything, for people
  /// Takes the value over. @return false when `text` is not what the setting needs
  /// @error Error(kConfig) of a rule that says itself what is wrong
  bool (*set)(CopyOptions& options, std::string_view text);
  /// The value for people; empty when `fallback` holds.
  std::string (*show)(const CopyOptions& options);
};

/// All of them, in the order in which they are shown.
std::span<const Setting> settings();

/// nullptr: there is none of this name.
const Setting* find_setting(std::string_view name);

/// `--max-rate` of "max_rate".
std::string flag_of(std::string_view setting);

}  // namespace pg2duck::config
