#pragma once

#include <filesystem>
#include <string>

#include "base/secret.hpp"

namespace pg2duck::config {

/// A small text file, and whether it keeps its content to itself.
struct FileText {
  std::string text;
  /// Why others than its owner can read it, with its mode: "others can read it (mode 0644)"; empty when none can.
  std::string exposure;
};

/// Reads a file of up to 4 MiB. Private is what libpq calls so of a key file: mode 0600 or less, or 0640 or less when
/// root owns it.
/// @error Error(kConfig) when it is not there, cannot be read, is no file or is too big
FileText read_file(const std::filesystem::path& file);

/// The first line of a file that holds a secret, without its end.
/// @error Error(kConfig), also when others can read the file: the hint is the chmod
Secret read_secret_file(const std::filesystem::path& file);

}  // namespace pg2duck::config
