#include "destination/targets/path_claim.hpp"

#include <filesystem>
#include <mutex>
#include <set>
#include <system_error>

#include "base/error.hpp"

namespace pg2duck::destination {
namespace {

struct Claims {
  std::mutex mutex;
  std::set<std::string> paths;
};

Claims& claims() {
  static Claims all;
  return all;
}

}  // namespace

PathClaim::PathClaim(const std::string& path) {
  std::error_code ignored;
  canonical_ = std::filesystem::weakly_canonical(path, ignored).string();
  if (canonical_.empty()) {
    canonical_ = path;
  }
  const std::lock_guard lock(claims().mutex);
  if (!claims().paths.insert(canonical_).second) {
    throw Error(ErrorKind::kConflict, "the file is open already in this process");
  }
}

PathClaim::~PathClaim() {
  const std::lock_guard lock(claims().mutex);
  claims().paths.erase(canonical_);
}

}  // namespace pg2duck::destination
