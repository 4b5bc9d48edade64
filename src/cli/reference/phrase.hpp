#pragma once

#include <string>

#include "config/setting.hpp"

namespace pg2duck::cli {

/// What is said of a setting, as sentences.

/// "rows of one loading statement. Default: all of a table."
std::string summary_phrase(const config::Setting& setting);

/// The same with its details in between.
std::string whole_phrase(const config::Setting& setting);

}  // namespace pg2duck::cli
