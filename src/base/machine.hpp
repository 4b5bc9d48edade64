#pragma once

#include <cstdint>

namespace pg2duck {

/// Bytes of memory that this process may use: the machine's, or less where a cgroup says so.
std::uint64_t available_memory_bytes();

}  // namespace pg2duck
