#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "config/environment.hpp"
#include "config/options.hpp"

namespace pg2duck::config {

/// A value of one setting, as somebody wrote it.
struct Given {
  std::string setting;              ///< its name
  std::vector<std::string> values;  ///< one, or several of a list
  std::string label;                ///< what messages call it: "--jobs", "pg2duck.toml:3:8: jobs"
  std::string origin;               ///< where it was written: "--jobs", "PG2DUCK_JOBS", "pg2duck.toml:3"
  std::string good;                 ///< what would be right there: "--jobs 4"
};

/// One line of `explain-config`.
struct Explained {
  std::string name;
  std::string value;  ///< "***" for a secret
  std::string origin;
  std::string setting;  ///< of what is said for some tables: the setting that a value for all goes over
};

/// The connection to Postgres that one place gives.
struct GivenSource {
  Secret connection;             ///< URI or key=value string
  std::vector<Explained> parts;  ///< what it is made of
};

/// What a target is opened with. It is for the target that the same place names, and for others of its service.
struct GivenToken {
  Secret token;
  std::string target;  ///< empty: the place names none, so that it is for whichever is named elsewhere
  Explained part;
};

struct GivenTableRule {
  TableRule rule;
  std::vector<Explained> parts;
};

/// All that one place says: the command line, the environment, or the files of a project.
struct Layer {
  bool on_command_line = false;
  std::optional<GivenSource> source;
  std::optional<GivenToken> token;
  std::vector<Given> values;
  std::vector<GivenTableRule> table_rules;
  std::vector<Explained> explained;  ///< what else was read, beside the settings
  std::string log_level;             ///< "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"; empty: it says none
  std::vector<std::string> notices;  ///< what the user should know of what was read
};

/// What holds after all, and why.
struct Configuration {
  CopyOptions copy;
  std::vector<Explained> explained;  ///< every effective value
  std::string log_level;             ///< as above, of the uppermost layer that says one
  std::vector<std::string> notices;
};

/// Puts layers over each other, the lowest first: a value replaces the one below it, and a list of tables the list
/// below it; rules for columns, rows and tables follow those below them, so that theirs counts.
/// @error Error(kUsage or kConfig) that names the place of a bad value, what it needs, and a good one
Configuration resolve(std::span<const Layer> layers);

/// Shows a token behind its target; one without a name is shown elsewhere.
void explain_token(Configuration& configuration, const Explained& part);

/// What PG2DUCK_SOURCE, PG2DUCK_TARGET and the variables of the other settings say.
Layer environment_layer(const Environment& environment);

}  // namespace pg2duck::config
