#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pg2duck::config {

/// What is done to a target once a run is published there, beyond the publication.
struct Maintenance {
  bool create_snapshot = false;           ///< show it to read-only instances of the database at once
  std::vector<std::string> update_share;  ///< shares of the database that then show it
  std::uint64_t expire_after = 0;         ///< seconds for which earlier copies can be read; 0: for ever

  bool operator==(const Maintenance&) const = default;
};

}  // namespace pg2duck::config
