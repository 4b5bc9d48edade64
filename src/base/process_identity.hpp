#pragma once

#include <string>

namespace pg2duck {

/// Text that tells this process from every other one, on this machine and elsewhere, now and after a restart.
std::string process_identity();

/// "host, process 4711", for people.
std::string process_display();

/// What can be said from here about the process that `identity` is of.
enum class Liveness {
  kAlive,
  kDead,
  kUnknown,  ///< it ran on another machine, or in another container
};

Liveness liveness_of(const std::string& identity);

}  // namespace pg2duck
