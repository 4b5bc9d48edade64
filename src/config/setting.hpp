#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "config/options.hpp"
#include "config/rules/table_rule.hpp"

namespace pg2duck::config {

/// Commands that have a setting as a flag.
struct Commands {
  bool copy = false;
  bool sync = false;
  bool plan = false;
  bool init = false;
  bool explain_config = false;
};

inline constexpr Commands kAllRuns{.copy = true, .sync = true, .plan = true, .explain_config = true};
/// Those that work by a configuration file.
inline constexpr Commands kConfigured{.sync = true, .plan = true, .explain_config = true};

/// Where in pg2duck.toml a setting may stand.
struct Places {
  bool top = false;     ///< outside of sections; such a setting also has a variable, PG2DUCK_ and its name
  bool table = false;   ///< [table."pattern"]
  bool column = false;  ///< columns.NAME of such a section
  bool source = false;  ///< [source]
  bool target = false;  ///< [target]
};

/// One thing that can be set, and all that is said of it anywhere: flags, variables, keys of pg2duck.toml, --help, the
/// manual, completions and the schema for editors are made of this. Its name is the key; with dashes it is the flag.
struct Setting {
  enum class Kind {
    kText,     ///< a word, a name, a size
    kPath,     ///< a file or a directory
    kChoice,   ///< one of `words`
    kCount,    ///< a whole number from `minimum` to `maximum`
    kSize,     ///< bytes: 20MB, 20000000
    kValue,    ///< a text or a number, of the source's making
    kSwitch,   ///< true or false
    kList,     ///< texts that add up
    kSection,  ///< a section of the file, with keys of its own
  };

  std::string_view name;  ///< "max_rate"
  Kind kind = Kind::kText;
  Commands flag_of = {};
  Places stands_in = {};
  char letter = 0;                                  ///< of the short flag; 0: there is none
  std::string_view value;                           ///< what a value is called: "SIZE"
  std::span<const std::string_view> words;          ///< kChoice
  std::span<const std::string_view> meanings;       ///< of the words, in their order; empty ones are not told
  std::uint64_t minimum = 0, maximum = UINT64_MAX;  ///< kCount
  std::string_view pattern;                         ///< kText: what the schema holds it against; empty: nothing
  std::string_view needs;                           ///< what a value must be; empty: `needs_of` says it by the kind
  std::string_view example;                         ///< a good value, as a shell takes it
  std::string_view fallback;                        ///< what holds when nobody says anything; empty: nothing to tell
  std::string_view summary;                         ///< one phrase
  std::string_view details;                         ///< sentences that follow it where there is room
  std::string_view see;                             ///< where docs/ say more: "types.md#numeric"

  /// Takes the value over for a run. @return false when `text` is not what the setting needs
  /// @error Error(kConfig) of a rule that says itself what is wrong
  bool (*set)(CopyOptions& options, std::string_view text) = nullptr;
  /// The value for people; empty when `fallback` holds. nullptr: each of its values is shown by itself.
  std::string (*show)(const CopyOptions& options) = nullptr;
  /// The same as `set` for the tables of a rule; nullptr: it is for a run, or read by the section itself.
  SetForTable set_for_table = nullptr;
};

/// What a value must be: "auto, copy, pages or gentle".
std::string needs_of(const Setting& setting);

/// A good value of pg2duck.toml: `jobs = 4`, `read = "gentle"`.
std::string toml_example(const Setting& setting);

/// `--max-rate` of "max_rate".
std::string flag_of(std::string_view name);

}  // namespace pg2duck::config
