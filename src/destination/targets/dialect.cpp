#include "destination/targets/dialect.hpp"

#include <algorithm>
#include <array>

#include "destination/targets/object_store.hpp"

namespace pg2duck::destination {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Limits kNoLimits{};

/// A remote target may restart, and its network may pause.
constexpr Limits kRemoteLimits{.batch_rows = 0,
                               .batch_seconds = seconds(0),
                               .attempts = 4,
                               .first_wait = milliseconds(500),
                               .longest_wait = milliseconds(4000)};

/// @source MotherDuck's documentation, "Loading data" and "Transactions": batches of a million rows or more, row groups
///         of 122,880; transactions of at most about a minute; conflicts show at the commit and are to be retried;
///         connections are to be renewed every 15 minutes.
constexpr Limits kMotherduckLimits{.batch_rows = 1'000'000,
                                   .batch_seconds = seconds(45),
                                   .attempts = 5,
                                   .first_wait = milliseconds(1000),
                                   .longest_wait = milliseconds(16'000),
                                   .session_age = std::chrono::minutes(15)};

constexpr std::array<std::string_view, 2> kQuackExtensions{"httpfs", "quack"};
constexpr std::array<std::string_view, 1> kDucklakeExtensions{"ducklake"};
constexpr std::array<std::string_view, 1> kMotherduckExtensions{"motherduck"};
/// For what only it can do: remove files.
constexpr std::array<std::string_view, 1> kParquetUrlExtensions{"ducklake"};

constexpr std::string_view kServerLost = "the connection to the target's server broke";
constexpr std::string_view kServerLostHint =
    "look whether the server runs and is reachable, then run again: the target keeps what was published last";

constexpr std::array kQuackErrors{
    ErrorRule{"Could not find a Quack authentication token", ErrorKind::kAuth, "the server asks for a token",
              "set PG2DUCK_QUACK_TOKEN to the token that quack_serve was started with"},
    ErrorRule{"Authentication failed", ErrorKind::kAuth, "the server refuses the token",
              "set PG2DUCK_QUACK_TOKEN to the token that quack_serve was started with"},
    ErrorRule{"Could not resolve hostname", ErrorKind::kConfig, "the server's name cannot be resolved",
              "correct the name: quack:host:port"},
    ErrorRule{"Could not connect to server", ErrorKind::kTransient, "the server cannot be reached",
              "start it there with CALL quack_serve('quack:host:port', token => '...'), or correct host and port"},
    ErrorRule{"Failed to send message", ErrorKind::kTransient, kServerLost, kServerLostHint},
    ErrorRule{"Invalid connection id", ErrorKind::kTransient, kServerLost, kServerLostHint},
    ErrorRule{
        "write-write conflict", ErrorKind::kTransient, "somebody else changes the same table of the target",
        "look for other writers, and for sessions that a killed program left open on the server: they end when the "
        "server is restarted"},
    ErrorRule{"Conflict on tuple", ErrorKind::kTransient, "somebody else changes the same rows of the target",
              "let one program at a time write into the target"},
};

constexpr std::string_view kSetMotherduckToken =
    "make a read/write token in MotherDuck's settings, and set motherduck_token to it";

constexpr std::string_view kNoDatabase = "no database/share named";

/// @source the words of MotherDuck's clients, as issue reports and its documentation quote them
constexpr std::array kMotherduckErrors{
    ErrorRule{"Jwt is expired", ErrorKind::kAuth, "the token has expired", kSetMotherduckToken},
    ErrorRule{"not authenticated", ErrorKind::kAuth, "MotherDuck does not know this token", kSetMotherduckToken},
    ErrorRule{"Invalid token", ErrorKind::kAuth, "MotherDuck does not know this token", kSetMotherduckToken},
    ErrorRule{"invalid MotherDuck token", ErrorKind::kAuth, "MotherDuck does not know this token", kSetMotherduckToken},
    ErrorRule{
        "Failed to download", ErrorKind::kConnection, "MotherDuck's library for this version of DuckDB cannot be had",
        "look whether api.motherduck.com can be reached from here (network, proxy, firewall); if it can, then "
        "MotherDuck does not take this version of DuckDB: it takes 1.4.0 to 1.5.6, so use a pg2duck that brings one "
        "of these"},
    ErrorRule{kNoDatabase, ErrorKind::kConfig, "there is no such database",
              "correct the name, or have it created with --create-database"},
    ErrorRule{"read-only mode", ErrorKind::kPermission, "the database or the token is for reading only",
              "a share or a read-scaling token cannot be written to: name a database of your own, and use a read/write "
              "token"},
    ErrorRule{"write-write conflict", ErrorKind::kTransient, "somebody else changes the same table of the target",
              "let one program at a time write into the target"},
    ErrorRule{"Conflict on tuple", ErrorKind::kTransient, "somebody else changes the same rows of the target",
              "let one program at a time write into the target"},
    ErrorRule{"Transaction conflict", ErrorKind::kTransient, "somebody else changes the target",
              "let one program at a time write into the target"},
    ErrorRule{"RESOURCE_EXHAUSTED", ErrorKind::kDestination, "a quota of MotherDuck is used up",
              "look at the organisation's plan and usage, or choose a bigger instance"},
    ErrorRule{"UNAVAILABLE", ErrorKind::kTransient, kServerLost, kServerLostHint},
    ErrorRule{"Connection reset", ErrorKind::kTransient, kServerLost, kServerLostHint},
};

constexpr std::array kDucklakeErrors{
    ErrorRule{"data_path is not set", ErrorKind::kConfig, "a new lake needs a place for its files",
              "name a directory with --data-path"},
    ErrorRule{"does not match existing data path", ErrorKind::kConfig, "the lake keeps its files elsewhere",
              "leave --data-path out: the catalog knows the place"},
    ErrorRule{"replica identity", ErrorKind::kConflict,
              "a publication in the catalog's database keeps the lake from "
              "committing",
              "put the catalog into a database of its own, or publish single tables there"},
    ErrorRule{"Failed to commit DuckLake transaction", ErrorKind::kTransient,
              "the catalog of the lake takes no commit now", "let one program at a time write into the lake"},
};

Dialect file_dialect() {
  return {.kind = config::TargetKind::kFile,
          .extensions = {},
          .url_extensions = {},
          .engine = Engine::kOwn,
          .location_is_path = true,
          .rows_in_files = false,
          .own_alias = true,
          // Given so that DuckDB does not guess it from the path or the file's first bytes.
          .type = "duckdb",
          .path_prefix = "",
          .supports_token = false,
          .postgres_catalog = {},
          .service = {},
          .absent = "",
          .supports = {},
          .limits = kNoLimits,
          .errors = {}};
}

Dialect quack_dialect() {
  return {.kind = config::TargetKind::kQuack,
          .extensions = kQuackExtensions,
          .url_extensions = {},
          .engine = Engine::kRemote,
          .location_is_path = false,
          .rows_in_files = false,
          .own_alias = true,
          .type = "",
          .path_prefix = "quack:",
          .supports_token = true,
          .postgres_catalog = {},
          .service = {},
          .absent = "",
          .supports = {.compression = false,
                       .checkpoint = false,
                       .borrowed_strings = false,
                       .file_locks = false,
                       .writer_lease = true},
          .limits = kRemoteLimits,
          .errors = kQuackErrors};
}

Dialect ducklake_dialect() {
  return {.kind = config::TargetKind::kDucklake,
          .extensions = kDucklakeExtensions,
          .url_extensions = {},
          .engine = Engine::kOwn,
          .location_is_path = true,
          .rows_in_files = false,
          .own_alias = true,
          .type = "",
          .path_prefix = "ducklake:",
          .supports_token = false,
          .postgres_catalog = {.prefix = "postgres:",
                               .extension = "postgres_scanner",
                               .metadata = "__ducklake_metadata_",
                               .table_like = "ducklake\\_%"},
          .service = {},
          // Its CHECKPOINT rewrites files, which is more than was asked for.
          .absent = "creating a new DuckLake is explicitly disabled",
          .supports = {.primary_keys = false,
                       .compression = false,
                       .checkpoint = false,
                       .data_path = true,
                       .all_types = false,
                       .file_locks = false,
                       .partitions = true,
                       .expiry = true},
          .limits = kRemoteLimits,
          .errors = kDucklakeErrors};
}

Dialect motherduck_dialect() {
  return {.kind = config::TargetKind::kMotherduck,
          .extensions = kMotherduckExtensions,
          .url_extensions = {},
          .engine = Engine::kOwn,
          .location_is_path = false,
          .rows_in_files = false,
          // "Database aliases are not yet supported" for databases of one's own.
          .own_alias = false,
          .type = "",
          .path_prefix = "md:",
          .supports_token = true,
          .postgres_catalog = {},
          .service = {.path = "md:", .databases = "md_all_databases", .instance = "__md_duckling_id"},
          .absent = kNoDatabase,
          .supports = {.compression = false,
                       .checkpoint = false,
                       .borrowed_strings = false,
                       .file_locks = false,
                       .writer_lease = true,
                       .snapshots = true},
          .limits = kMotherduckLimits,
          .errors = kMotherduckErrors};
}

Dialect parquet_dialect() {
  return {.kind = config::TargetKind::kParquet,
          .extensions = {},
          .url_extensions = kParquetUrlExtensions,
          .engine = Engine::kOwn,
          .location_is_path = true,
          .rows_in_files = true,
          .own_alias = true,
          .type = "",
          .path_prefix = "parquet:",
          .supports_token = false,
          .postgres_catalog = {},
          .service = {},
          .absent = "",
          .supports = {.primary_keys = false,
                       .compression = false,
                       .checkpoint = false,
                       .all_types = false,
                       .file_locks = false,
                       .writer_lease = true,
                       .changes = false},
          .limits = kRemoteLimits,
          .errors = object_store_errors({})};
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
  if (profile == config::Profile::kMotherduck) {
    dialect.limits = kMotherduckLimits;
    dialect.supports.borrowed_strings = false;
    dialect.supports.snapshots = true;
  }
  return dialect;
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
