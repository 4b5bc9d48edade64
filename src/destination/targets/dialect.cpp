#include "destination/targets/dialect.hpp"

#include <array>

#include "destination/targets/target_errors.hpp"

namespace pg2duck::destination {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A remote target may restart, and its network may pause.
constexpr Limits kRemoteLimits{
    .batch_rows = 0,
    .batch_seconds = seconds(0),
    .retry = {.attempts = 4, .first_wait = milliseconds(500), .longest_wait = milliseconds(4000)}};

/// @source MotherDuck's documentation, "Loading data" and "Transactions": batches of a million rows or more, row groups
///         of 122,880; transactions of at most about a minute; conflicts show at the commit and are to be retried;
///         connections are to be renewed every 15 minutes.
constexpr Limits kMotherduckLimits{
    .batch_rows = 1'000'000,
    .batch_seconds = seconds(45),
    .retry = {.attempts = 5, .first_wait = milliseconds(1000), .longest_wait = milliseconds(16'000)},
    .session_age = std::chrono::minutes(15)};

constexpr std::array<std::string_view, 2> kQuackExtensions{"httpfs", "quack"};
constexpr std::array<std::string_view, 1> kDucklakeExtensions{"ducklake"};
constexpr std::array<std::string_view, 1> kMotherduckExtensions{"motherduck"};
/// For what only it can do: remove files.
constexpr std::array<std::string_view, 1> kParquetUrlExtensions{"ducklake"};

Dialect file_dialect() {
  return {.engine = Engine::kOwn,
          .location_is_path = true,
          // Given so that DuckDB does not guess it from the path or the file's first bytes.
          .type = "duckdb"};
}

Dialect quack_dialect() {
  return {.extensions = kQuackExtensions,
          .engine = Engine::kRemote,
          .path_prefix = "quack:",
          .supports_token = true,
          .supports = {.compression = false,
                       .checkpoint = false,
                       .own_checkpoint = true,
                       .borrowed_strings = false,
                       .file_locks = false,
                       .writer_lease = true},
          .limits = kRemoteLimits};
}

Dialect ducklake_dialect() {
  return {.extensions = kDucklakeExtensions,
          .engine = Engine::kOwn,
          .location_is_path = true,
          .path_prefix = "ducklake:",
          .postgres_catalog = {.prefix = "postgres:",
                               .extension = "postgres_scanner",
                               .metadata = "__ducklake_metadata_",
                               .table_like = "ducklake\\_%"},
          // Its CHECKPOINT rewrites files, which is more than was asked for.
          .supports = {.primary_keys = false,
                       .compression = false,
                       .checkpoint = false,
                       .data_path = true,
                       .all_types = false,
                       .file_locks = false,
                       .retypes = false,
                       .partitions = true,
                       .inlining = true},
          .expiry = {.snapshots = "ducklake_snapshots",
                     .expire = "ducklake_expire_snapshots",
                     .clean_up = "ducklake_cleanup_old_files"},
          .limits = kRemoteLimits};
}

Dialect motherduck_dialect() {
  return {.extensions = kMotherduckExtensions,
          .engine = Engine::kOwn,
          // "Database aliases are not yet supported" for databases of one's own.
          .own_alias = false,
          .path_prefix = "md:",
          .supports_token = true,
          .service = {.path = "md:", .databases = "md_all_databases", .instance = "__md_duckling_id"},
          .supports = {.compression = false,
                       .checkpoint = false,
                       .borrowed_strings = false,
                       .file_locks = false,
                       .writer_lease = true,
                       .snapshots = true},
          .limits = kMotherduckLimits};
}

Dialect parquet_dialect() {
  return {.url_extensions = kParquetUrlExtensions,
          .engine = Engine::kOwn,
          .location_is_path = true,
          .rows_in_files = true,
          .path_prefix = "parquet:",
          .supports = {.primary_keys = false,
                       .compression = false,
                       .checkpoint = false,
                       .all_types = false,
                       .file_locks = false,
                       .writer_lease = true,
                       .changes = false},
          .limits = kRemoteLimits};
}

Dialect of_kind(config::TargetKind kind) {
  switch (kind) {
    case config::TargetKind::kFile:
      return file_dialect();
    case config::TargetKind::kQuack:
      return quack_dialect();
    case config::TargetKind::kDucklake:
      return ducklake_dialect();
    case config::TargetKind::kMotherduck:
      return motherduck_dialect();
    case config::TargetKind::kParquet:
      return parquet_dialect();
  }
  throw Error(ErrorKind::kBug, "a target of a kind that has no dialect");
}

}  // namespace

Dialect dialect_of(config::TargetKind kind, config::Profile profile) {
  Dialect dialect = of_kind(kind);
  dialect.errors = target_errors(kind);
  if (profile == config::Profile::kMotherduck) {
    dialect.limits = kMotherduckLimits;
    dialect.supports.borrowed_strings = false;
    dialect.supports.snapshots = true;
  }
  return dialect;
}

void limit_to_lake(Dialect& dialect) {
  const Capabilities lake = ducklake_dialect().supports;
  dialect.supports.primary_keys = lake.primary_keys;
  dialect.supports.all_types = lake.all_types;
  dialect.supports.retypes = lake.retypes;
  dialect.supports.snapshots = lake.snapshots;
}

std::span<const std::string_view> extensions_for_files() {
  return kParquetUrlExtensions;
}

bool has_postgres_catalog(const Dialect& dialect, std::string_view location) {
  return !dialect.postgres_catalog.prefix.empty() && location.starts_with(dialect.postgres_catalog.prefix);
}

Dialect borrowed_dialect(config::Profile profile) {
  Dialect dialect = dialect_of(config::TargetKind::kFile, profile);
  dialect.location_is_path = false;
  dialect.own_alias = false;
  dialect.supports.checkpoint = false;
  dialect.supports.file_locks = false;
  dialect.supports.writer_lease = true;
  return dialect;
}

types::DuckType stored_type(const Dialect& dialect, const types::DuckType& type) {
  return dialect.supports.all_types ? type : parquet_type(type);
}

types::DuckType parquet_type(const types::DuckType& type) {
  types::DuckType stored = type;
  for (types::DuckType& child : stored.children) {
    child = parquet_type(child);
  }
  switch (type.id) {
    case types::DuckTypeId::kEnum:
    case types::DuckTypeId::kBit:
      // These three a Parquet file takes and changes: to DOUBLE, to UTC, to milliseconds.
    case types::DuckTypeId::kHugeint:
    case types::DuckTypeId::kTimeTz:
    case types::DuckTypeId::kInterval:
      return types::DuckType::of(types::DuckTypeId::kVarchar);
    case types::DuckTypeId::kArray:
      return types::DuckType::list(stored.children.at(0));
    default:
      return stored;
  }
}

}  // namespace pg2duck::destination
