#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/identifier.hpp"

namespace pg2duck::destination {

/// The file in the root of a Parquet target that says what the target holds.
inline constexpr const char* kManifestFile = "manifest.json";

struct ManifestColumn {
  std::string name;
  std::string type;  ///< as DuckDB writes it
  bool nullable = true;
  std::string comment;

  bool operator==(const ManifestColumn&) const = default;
};

struct ManifestFile {
  std::string path;  ///< below the root
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  std::string sha256;  ///< of the file, lower-case hexadecimal

  bool operator==(const ManifestFile&) const = default;
};

/// The run that a table, or the whole target, shows. Empty texts: there was none.
struct ManifestRun {
  std::string run_id;
  std::string snapshot;     ///< Postgres snapshot id
  std::string snapshot_at;  ///< ISO 8601 in UTC
  std::string lsn;

  bool operator==(const ManifestRun&) const = default;
};

struct ManifestTable {
  TableName name;
  TableName source;  ///< in Postgres; empty for the ledger's own tables
  std::string comment;
  ManifestRun run;
  std::vector<ManifestColumn> columns;
  std::vector<ManifestFile> files;

  bool operator==(const ManifestTable&) const = default;
};

struct Manifest {
  ManifestRun run;  ///< the last one that published
  std::vector<ManifestTable> tables;
  /// Files that the manifest before named and this one does not: they stay for those who read by that one.
  std::vector<std::string> retired;

  bool operator==(const Manifest&) const = default;
};

/// JSON with a version, for people too.
std::string to_text(const Manifest& manifest);

/// @error Error(kDestination): not JSON, not of this form or of a later version, or a path that leads out of the root
Manifest parse_manifest(std::string_view text);

}  // namespace pg2duck::destination
