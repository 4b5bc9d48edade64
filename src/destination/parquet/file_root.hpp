#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/connection.hpp"
#include "engine/error_text.hpp"

namespace pg2duck::destination {

/// Whether a location is in an object store rather than on a disk.
bool is_url(const std::string& location);

struct FileDigest {
  std::uint64_t bytes = 0;
  std::string sha256;  ///< lower-case hexadecimal
};

/// A directory, or a prefix in an object store, and what must be done with files there. Paths are below it.
///
/// @thread any; nobody else uses `connection` meanwhile
/// @error  Error(kDestination), or as `rules` say
class FileRoot {
 public:
  FileRoot(const std::string& location, std::span<const engine::ErrorRule> rules);

  /// Without a slash at its end.
  [[nodiscard]] const std::string& location() const { return location_; }

  /// As DuckDB takes it.
  [[nodiscard]] std::string full(const std::string& path) const;

  /// The directory `path` and those above it down from the root's, which must have one to stand in. An object store has
  /// no directories.
  void make_directory(const std::string& path) const;

  /// Files that match a pattern of DuckDB's glob, sorted.
  [[nodiscard]] std::vector<std::string> list(const engine::Connection& connection, const std::string& pattern) const;

  /// The text of a small file; nullopt: there is none.
  [[nodiscard]] std::optional<std::string> read(const engine::Connection& connection, const std::string& path) const;

  /// Puts `text` in the place of a file, durably: whoever reads it gets the old text or the new one.
  void replace(const engine::Connection& connection, const std::string& path, const std::string& text) const;

  /// Reads a file to its end, as the place gives it back, and makes it durable.
  [[nodiscard]] FileDigest digest(const engine::Connection& connection, const std::string& path) const;

  void remove(const engine::Connection& connection, const std::vector<std::string>& paths) const;

 private:
  [[nodiscard]] Error failure(const std::string& what, const std::string& path) const;
  void replace_locally(const std::string& path, const std::string& text) const;
  void sync_directory(const std::string& directory) const;

  std::string location_;  // without a slash at its end
  bool remote_;
  mutable std::mutex removing_;  // the lake that removes is one, and takes one change at a time
  std::span<const engine::ErrorRule> rules_;
};

}  // namespace pg2duck::destination
