#pragma once

#include <string>
#include <vector>

#include "config/dlt/settings.hpp"

namespace pg2duck::config {

/// One sentence for each key of the project's files that does nothing here: one that dlt knows and we have no use for
/// with the reason, an unknown one with the nearest that is known. dlt itself says nothing of either.
std::vector<std::string> unused_dlt_keys(const DltSettings& settings);

}  // namespace pg2duck::config
