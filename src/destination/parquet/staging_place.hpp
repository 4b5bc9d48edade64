#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "destination/parquet/file_root.hpp"

namespace pg2duck::destination {

/// A place for Parquet files through which rows go into a target (load/staging_files). Several targets may share it.
struct StagingPlace {
  StagingPlace(const std::string& location, std::span<const engine::ErrorRule> of_store, std::uint64_t bytes)
      : root(location, of_store), errors(of_store), file_bytes(bytes) {}

  FileRoot root;
  std::span<const engine::ErrorRule> errors;  ///< of the store that it is in
  std::uint64_t file_bytes;                   ///< of one file, about
};

}  // namespace pg2duck::destination
