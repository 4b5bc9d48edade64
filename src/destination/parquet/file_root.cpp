#include "destination/parquet/file_root.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/evp.h>

#include "base/handle.hpp"
#include "base/identifier.hpp"
#include "engine/file_reader.hpp"
#include "engine/rows.hpp"
#include "engine/statement.hpp"

namespace pg2duck::destination {
namespace {

using Hash = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;

/// More than DuckDB's own buffer for remote files, so that a request fetches as much.
constexpr std::size_t kBlockBytes = 8U << 20U;

/// The name under which a lake that only removes files is attached.
constexpr const char* kRemover = "pg2duck_remover";

class Sha256 {
 public:
  Sha256() : hash_(EVP_MD_CTX_new()) { check(hash_ != nullptr && EVP_DigestInit(hash_.get(), EVP_sha256()) == 1); }

  void add(const void* data, std::size_t size) { check(EVP_DigestUpdate(hash_.get(), data, size) == 1); }

  std::string text() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    check(EVP_DigestFinal(hash_.get(), bytes.data(), &size) == 1);
    std::string hex;
    for (unsigned i = 0; i < size; ++i) {
      hex += fmt::format("{:02x}", bytes.at(i));
    }
    return hex;
  }

 private:
  static void check(bool worked) {
    if (!worked) {
      throw Error(ErrorKind::kDestination, "OpenSSL has no SHA-256 here");
    }
  }

  Hash hash_;
};

/// A file descriptor that is closed.
class Descriptor {
 public:
  Descriptor(const std::string& path, int flags) : number_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {}

  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  ~Descriptor() {
    if (number_ >= 0) {
      ::close(number_);
    }
  }

  [[nodiscard]] int get() const { return number_; }

 private:
  int number_;
};

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno != EINTR) {
      return false;
    }
    text.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

bool is_url(const std::string& location) {
  return location.find("://") != std::string::npos;
}

FileRoot::FileRoot(const std::string& location, std::span<const engine::ErrorRule> rules)
    : location_(is_url(location) ? location : std::filesystem::absolute(location).lexically_normal().string()),
      remote_(is_url(location)),
      rules_(rules) {
  while (location_.size() > 1 && location_.ends_with('/')) {
    location_.pop_back();
  }
}

std::string FileRoot::full(const std::string& path) const {
  return location_ + "/" + path;
}

Error FileRoot::failure(const std::string& what, const std::string& path) const {
  return engine::translate_error(fmt::format("{} {}: {}", what, path, std::strerror(errno)), {rules_});
}

void FileRoot::make_directory(const std::string& path) const {
  if (remote_) {
    return;
  }
  std::filesystem::path directory = location_;
  for (const auto& part : std::filesystem::path("/" + path)) {
    directory /= part == "/" ? std::filesystem::path() : part;
    std::error_code problem;
    const bool created = std::filesystem::create_directory(directory, problem);
    if (problem) {
      errno = problem.value();
      throw failure("cannot create the directory", directory.string());
    }
    if (created) {
      sync_directory(std::filesystem::path(directory.string()).parent_path().string());
    }
  }
}

void FileRoot::sync_directory(const std::string& directory) const {
  const Descriptor opened(directory, O_RDONLY | O_DIRECTORY);
  if (opened.get() < 0 || ::fsync(opened.get()) != 0) {
    throw failure("cannot sync the directory", directory);
  }
}

std::vector<std::string> FileRoot::list(const engine::Connection& connection, const std::string& pattern) const {
  std::vector<std::string> files;
  const engine::Rows found = engine::run_query(
      connection, "SELECT file FROM glob(" + quote_literal(full(pattern)) + ") ORDER BY file", {rules_});
  for (const auto& row : found.rows) {
    files.push_back(row[0].value_or("").substr(location_.size() + 1));
  }
  return files;
}

std::optional<std::string> FileRoot::read(const engine::Connection& connection, const std::string& path) const {
  // A pattern, as DuckDB believes a URL without one to be there.
  if (list(connection, fmt::format("{}[{}]", path.substr(0, path.size() - 1), path.back())).empty()) {
    return std::nullopt;
  }
  return engine::run_query(connection, "SELECT content FROM read_text(" + quote_literal(full(path)) + ")", {rules_})
      .rows.at(0)
      .at(0);
}

void FileRoot::replace(const engine::Connection& connection, const std::string& path, const std::string& text) const {
  if (!remote_) {
    replace_locally(path, text);
    return;
  }
  // One object: a store shows it whole, or not yet.
  engine::run_statement(
      connection,
      "COPY (SELECT encode(" + quote_literal(text) + ")) TO " + quote_literal(full(path)) + " (FORMAT blob)", {rules_});
}

void FileRoot::replace_locally(const std::string& path, const std::string& text) const {
  const std::string name = full(path);
  const std::string next = name + ".next";
  {
    const Descriptor file(next, O_WRONLY | O_CREAT | O_TRUNC);
    if (file.get() < 0 || !write_all(file.get(), text) || ::fsync(file.get()) != 0) {
      throw failure("cannot write", next);
    }
  }
  if (::rename(next.c_str(), name.c_str()) != 0) {
    throw failure("cannot rename to", name);
  }
  sync_directory(std::filesystem::path(name).parent_path().string());
}

FileDigest FileRoot::digest(const engine::Connection& connection, const std::string& path) const {
  engine::FileReader file(connection, full(path), {rules_});
  Sha256 hash;
  FileDigest digest;
  std::vector<char> block(kBlockBytes);
  while (const std::size_t size = file.read(block)) {
    hash.add(block.data(), size);
    digest.bytes += size;
  }
  if (!remote_) {
    file.sync();
    sync_directory(std::filesystem::path(full(path)).parent_path().string());
  }
  digest.sha256 = hash.text();
  return digest;
}

void FileRoot::remove(const engine::Connection& connection, const std::vector<std::string>& paths) const {
  if (paths.empty()) {
    return;
  }
  if (!remote_) {
    for (const std::string& path : paths) {
      std::error_code ignored;
      std::filesystem::remove(full(path), ignored);
    }
    return;
  }
  const std::lock_guard lock(removing_);
  // DuckDB has no statement that removes a file. A lake has: what stands in its list is removed by its cleaning.
  const std::string lake = quote_identifier(kRemover);
  engine::run_statement(
      connection,
      "ATTACH IF NOT EXISTS 'ducklake::memory:' AS " + lake + " (DATA_PATH " + quote_literal(full("")) + ")", {rules_});
  std::vector<std::string> rows;
  for (const std::string& path : paths) {
    rows.push_back(fmt::format("({}, {}, false, now())", rows.size(), quote_literal(full(path))));
  }
  engine::run_statement(connection,
                        "INSERT INTO " + quote_identifier(std::string("__ducklake_metadata_") + kRemover) +
                            ".ducklake_files_scheduled_for_deletion VALUES " + fmt::format("{}", fmt::join(rows, ", ")),
                        {rules_});
  engine::run_statement(
      connection, "CALL ducklake_cleanup_old_files(" + quote_literal(kRemover) + ", cleanup_all => true)", {rules_});
}

}  // namespace pg2duck::destination
