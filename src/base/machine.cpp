#include "base/machine.hpp"

#include <algorithm>
#include <fstream>
#include <string>
#include <unistd.h>

namespace pg2duck {
namespace {

/// The number in a cgroup file; the machine's size when there is none ("max", or no such file).
std::uint64_t cgroup_limit(const char* path, std::uint64_t otherwise) {
  std::ifstream file(path);
  std::uint64_t limit = 0;
  return (file >> limit) && limit > 0 ? limit : otherwise;
}

}  // namespace

std::uint64_t available_memory_bytes() {
  const auto physical =
      static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(sysconf(_SC_PAGE_SIZE));
  // Inside a container the cgroup's own directory is the root of /sys/fs/cgroup, version 2 or 1.
  return std::min({physical, cgroup_limit("/sys/fs/cgroup/memory.max", physical),
                   cgroup_limit("/sys/fs/cgroup/memory/memory.limit_in_bytes", physical)});
}

}  // namespace pg2duck
