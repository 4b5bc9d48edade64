#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace pg2duck::config {

/// Looks up an environment variable; nullopt: it is not set.
using Environment = std::function<std::optional<std::string>(const char* name)>;

/// The process's own environment, where an empty variable counts as not set.
std::optional<std::string> process_environment(const char* name);

/// The process's own environment as it is: an empty variable is a value.
std::optional<std::string> raw_process_environment(const char* name);

/// PG2DUCK_ and the setting's name in capitals: "max_rate" is read from PG2DUCK_MAX_RATE.
std::string variable_of(std::string_view setting);

}  // namespace pg2duck::config
