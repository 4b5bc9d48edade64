#pragma once

#include <string>
#include <vector>

#include "config/dlt/settings.hpp"

namespace pg2duck::config {

/// A key of the project's files that does nothing here.
struct UnusedDltKey {
  std::string nearest;   ///< of an unknown one: the nearest that is known; empty: none is near, or dlt knows it
  std::string sentence;  ///< the place, the key, and the reason or the nearest
};

/// All of them: those that dlt knows and we have no use for, and unknown ones. dlt itself says nothing of either.
std::vector<UnusedDltKey> unused_dlt_keys(const DltSettings& settings);

}  // namespace pg2duck::config
