#include "config/private_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"

namespace pg2duck::config {
namespace {

constexpr std::size_t kLargest = 4U << 20U;

class Descriptor {
 public:
  explicit Descriptor(const std::filesystem::path& file) : value_(::open(file.c_str(), O_RDONLY | O_CLOEXEC)) {}

  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  ~Descriptor() {
    if (value_ >= 0) {
      ::close(value_);
    }
  }

  [[nodiscard]] int get() const { return value_; }

 private:
  int value_;
};

Error file_error(const std::filesystem::path& file, const std::string& reason) {
  return {ErrorKind::kConfig, fmt::format("{} cannot be read: {}", file.string(), reason)};
}

std::string exposure_of(const struct stat& status) {
  const mode_t allowed = status.st_uid == 0 ? 0640 : 0600;
  const mode_t mode = status.st_mode & 07777U;
  if ((mode & 0077U & ~allowed) == 0) {
    return {};
  }
  return fmt::format("others can read it (mode {:04o})", mode);
}

}  // namespace

FileText read_file(const std::filesystem::path& file) {
  const Descriptor descriptor(file);
  struct stat status{};
  if (descriptor.get() < 0 || ::fstat(descriptor.get(), &status) != 0) {
    throw file_error(file, std::strerror(errno));
  }
  if (!S_ISREG(status.st_mode)) {
    throw file_error(file, "it is not a file");
  }
  FileText result{.text = {}, .exposure = exposure_of(status)};
  std::array<char, 16384> buffer{};
  while (true) {
    const ssize_t count = ::read(descriptor.get(), buffer.data(), buffer.size());
    if (count < 0 && errno != EINTR) {
      throw file_error(file, std::strerror(errno));
    }
    if (count == 0) {
      return result;
    }
    result.text.append(buffer.data(), count < 0 ? 0 : static_cast<std::size_t>(count));
    if (result.text.size() > kLargest) {
      throw file_error(file, "it has more than 4 MiB");
    }
  }
}

Secret read_secret_file(const std::filesystem::path& file) {
  FileText content = read_file(file);
  if (!content.exposure.empty()) {
    throw Error(ErrorKind::kConfig, fmt::format("{} holds a secret, and {}", file.string(), content.exposure))
        .set_hint(fmt::format("chmod 600 '{}'", file.string()));
  }
  content.text.resize(std::min(content.text.find_first_of("\r\n"), content.text.size()));
  if (content.text.empty()) {
    throw file_error(file, "it is empty");
  }
  return Secret(std::move(content.text));
}

}  // namespace pg2duck::config
