#include "base/process_identity.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <unistd.h>

#include <fmt/format.h>

namespace pg2duck {
namespace {

std::string first_line(const std::string& file) {
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line);
  return line;
}

/// This boot of this machine, and the set of processes that a number means one of.
std::string place() {
  std::error_code ignored;
  return first_line("/proc/sys/kernel/random/boot_id") + "/" +
         std::filesystem::read_symlink("/proc/self/ns/pid", ignored).string();
}

/// When a process has begun, in ticks since the boot; empty: there is none of that number.
std::string start_of(const std::string& number) {
  const std::string stat = first_line("/proc/" + number + "/stat");
  // The second field is the program's name in brackets, which may hold anything. The start is the 22nd.
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos) {
    return {};
  }
  std::istringstream fields(stat.substr(name_end + 1));
  std::string field;
  for (int i = 3; i <= 22; ++i) {
    fields >> field;
  }
  return field;
}

}  // namespace

std::string process_identity() {
  const std::string number = std::to_string(getpid());
  return fmt::format("{}/{}/{}", place(), number, start_of(number));
}

std::string process_display() {
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  return fmt::format("{}, process {}", host.data(), getpid());
}

Liveness liveness_of(const std::string& identity) {
  const std::string here = place() + "/";
  if (here == "//" || !identity.starts_with(here)) {
    return Liveness::kUnknown;
  }
  const std::string process = identity.substr(here.size());
  const std::string number = process.substr(0, process.find('/'));
  return process == number + "/" + start_of(number) ? Liveness::kAlive : Liveness::kDead;
}

}  // namespace pg2duck
