#pragma once

#include <string>

namespace pg2duck::destination {

/// Keeps a second DuckDB instance of this process off a file. DuckDB's own lock cannot: POSIX locks
/// do not exclude their own process, and closing the second file would even drop the first's lock.
class PathClaim {
 public:
  /// @error Error(kConflict) when this process holds the file already
  explicit PathClaim(const std::string& path);
  PathClaim(const PathClaim&) = delete;
  PathClaim& operator=(const PathClaim&) = delete;
  ~PathClaim();

 private:
  std::string canonical_;
};

}  // namespace pg2duck::destination
