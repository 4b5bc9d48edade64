#include "cli/output_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/error.hpp"
#include "cli/terminal/terminal.hpp"

namespace pg2duck::cli {
namespace {

/// Writes `text` into an open file and closes it. @return false, with errno, when that fails
bool fill(int file, const std::string& text) {
  const bool written = write_all(file, text);
  const int reason = errno;
  const bool closed = ::close(file) == 0;
  errno = written ? errno : reason;
  return written && closed;
}

}  // namespace

void create_file(const std::string& name, const std::string& text, bool replace) {
  // No other process can put a file there in between.
  const int file = ::open(name.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | (replace ? O_TRUNC : O_EXCL), 0666);
  if (file < 0 && errno == EEXIST) {
    throw Error(ErrorKind::kUsage, fmt::format("{} is there already", name))
        .set_hint("replace it with --force, or name another with --output; --output - shows what would be written");
  }
  if (file < 0 || !fill(file, text)) {
    throw Error(ErrorKind::kUsage, fmt::format("{} cannot be written: {}", name, std::strerror(errno)))
        .set_hint("name another file with --output");
  }
}

void replace_file(const std::string& name, const std::string& text) {
  const std::string fresh = fmt::format("{}.{}.tmp", name, ::getpid());
  const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_TRUNC, 0666);
  if (file >= 0 && fill(file, text) && std::rename(fresh.c_str(), name.c_str()) == 0) {
    return;
  }
  const int reason = errno;
  if (file >= 0) {
    ::unlink(fresh.c_str());
  }
  throw Error(ErrorKind::kDestination,
              fmt::format("the report cannot be written to {}: {}", name, std::strerror(reason)))
      .set_hint("the run itself is over; name a file in a directory that can be written with --report");
}

}  // namespace pg2duck::cli
