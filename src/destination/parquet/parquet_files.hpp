#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "destination/parquet/file_root.hpp"

namespace pg2duck::destination {

/// Big enough that a reader's requests are few, small enough that several threads share a table.
inline constexpr std::uint64_t kParquetFileBytes = 128'000'000;

/// `COPY (query) TO …`: into files of about `file_bytes` in a directory of `root` (empty: itself), written by all
/// threads. Their names are `stem`, a UUID and the ending.
std::string copy_to_parquet(const FileRoot& root, const std::string& query, const std::string& directory,
                            const std::string& stem, std::uint64_t file_bytes);

/// What FROM reads the rows of such files from.
std::string read_parquet(const FileRoot& root, const std::vector<std::string>& paths);

/// "…/pg2duck_3f2a91bc_4_UUID.parquet" without its UUID; empty for a file of another form.
std::string stem_of(const std::string& path);

/// The files of `directory/stem`, sorted.
std::vector<std::string> files_of_stem(const FileRoot& root, const engine::Connection& connection,
                                       const std::string& path_stem);

}  // namespace pg2duck::destination
