#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pg2duck::config {

/// Where DuckDB data can live.
enum class TargetKind {
  kFile,        ///< `shop.duckdb`, `duckdb:shop.duckdb`, `file:///data/shop.duckdb`: a DuckDB file
  kQuack,       ///< `quack:host:port`: another DuckDB, reached over its own protocol
  kDucklake,    ///< `ducklake:catalog.ducklake`, `ducklake:postgres:dbname=…`: tables of Parquet files beside a catalog
  kMotherduck,  ///< `md:database`
  kParquet,     ///< `parquet:directory`: Parquet files and a manifest
};

/// "file", "quack", "ducklake", "motherduck", "parquet".
std::string_view to_string(TargetKind kind);

/// A target as the user names it.
struct Target {
  TargetKind kind = TargetKind::kFile;
  std::string location;  ///< what stands behind the prefix; of a file its path

  bool operator==(const Target&) const = default;
};

/// Prefixes are read without regard to case; a path that looks like one is written `./quack:x`.
/// @error Error(kUsage) with a hint: `word:` that is no prefix, with the nearest one; nothing behind the prefix, a
/// secret
///        in it, `:memory:`
Target parse_target(std::string_view text);

/// The path of the DuckDB file that a target names; nullopt: a target of another
/// kind, which may name no database yet. @error as parse_target
std::optional<std::string> file_named_by(std::string_view text);

/// `target`, which is a service's and names no database (`md:`), with `database` named.
/// @error Error(kUsage) for any other target
std::string with_database(const std::string& target, const std::string& database);

/// Whether an argument can only be meant as a target: it has a prefix, or the ending of a database file.
bool looks_like_target(std::string_view text);

/// What to do instead of naming several targets for one run.
inline constexpr std::string_view kSeveralTargetsHint =
    "run once for each target; for the same instant in both, copy the finished one by DuckDB: ATTACH 'other.duckdb' "
    "AS other; COPY FROM DATABASE shop TO other";

/// Whether such a target is opened with a token; `text` may name no database yet, `md:`.
bool takes_token(std::string_view text);

/// Whether a token for the one is a token for the other: both are MotherDuck's, or the same server.
bool is_same_service(std::string_view left, std::string_view right);

/// The environment variables that may hold the token of a target, the first one that is set counts.
std::span<const char* const> token_variables(const Target& target);

/// Whether its location is the path of one file.
bool is_one_file(const Target& target);

/// The place for Parquet files that a target names; nullopt: it is another one. @error as parse_target
std::optional<std::string> parquet_place(std::string_view text);

}  // namespace pg2duck::config
