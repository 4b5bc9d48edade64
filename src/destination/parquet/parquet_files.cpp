#include "destination/parquet/parquet_files.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/identifier.hpp"

namespace pg2duck::destination {
namespace {

/// What DuckDB's COPY puts behind a stem for _{uuid}.
constexpr std::size_t kUuidBytes = std::string_view("_01234567-0123-0123-0123-0123456789ab.parquet").size();

}  // namespace

std::string copy_to_parquet(const FileRoot& root, const std::string& query, const std::string& directory,
                            const std::string& stem, std::uint64_t file_bytes) {
  root.make_directory(directory);
  const std::string into = directory.empty() ? root.location() : root.full(directory);
  // A file ends behind the row group that passes the bound, so that a row group must not be bigger than it.
  return fmt::format(
      "COPY ({}) TO {} (FORMAT parquet, COMPRESSION zstd, PER_THREAD_OUTPUT true, FILE_SIZE_BYTES {}, "
      "ROW_GROUP_SIZE_BYTES {}, APPEND true, FILENAME_PATTERN {})",
      query, quote_literal(into), file_bytes, file_bytes, quote_literal(stem + "_{uuid}"));
}

std::string read_parquet(const FileRoot& root, const std::vector<std::string>& paths) {
  std::vector<std::string> list;
  for (const std::string& path : paths) {
    list.push_back(quote_literal(root.full(path)));
  }
  return fmt::format("read_parquet([{}], hive_partitioning = false)", fmt::join(list, ", "));
}

std::string stem_of(const std::string& path) {
  if (path.size() <= kUuidBytes) {
    return {};
  }
  const std::string_view uuid = std::string_view(path).substr(path.size() - kUuidBytes);
  const bool is_uuid = uuid[0] == '_' && uuid[9] == '-' && uuid[14] == '-' && uuid[19] == '-' && uuid[24] == '-';
  return is_uuid ? path.substr(0, path.size() - kUuidBytes) : "";
}

std::vector<std::string> files_of_stem(const FileRoot& root, const engine::Connection& connection,
                                       const std::string& path_stem) {
  std::vector<std::string> paths = root.list(connection, path_stem + "_*.parquet");
  // Another attempt's stem may begin like this one.
  std::erase_if(paths, [&](const std::string& path) { return stem_of(path) != path_stem; });
  return paths;
}

}  // namespace pg2duck::destination
