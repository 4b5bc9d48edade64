#pragma once

#include <string>

#include "config/setting.hpp"

namespace pg2duck::cli {

/// What is said of a setting, as sentences.

/// "rows of one loading statement. Default: all of a table."
std::string summary_phrase(const config::Setting& setting);

/// The summary, what its words mean, and its details; no default.
std::string plain_phrase(const config::Setting& setting);

/// All of it.
std::string whole_phrase(const config::Setting& setting);

}  // namespace pg2duck::cli
