#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/retry.hpp"
#include "config/options.hpp"
#include "config/target.hpp"
#include "engine/error_text.hpp"
#include "types/duckdb_type.hpp"

namespace pg2duck::destination {

/// Which engine runs the statements about the target.
enum class Engine {
  kOwn,     ///< this process's DuckDB: the target is a catalog of it, with transactions
  kRemote,  ///< another one, which gets them as text. Every attachment is a session of its own there, rows go in
            ///< through the attached catalog by CREATE TABLE … AS alone, and a transaction is one request: a client
            ///< that dies in the middle of one would leave it open, with its locks, until the server ends.
};

/// What the target supports.
struct Capabilities {
  bool primary_keys = true;
  bool compression = true;       ///< USING COMPRESSION, and pragma_storage_info about the old table
  bool checkpoint = true;        ///< CHECKPOINT of the whole target, when it is closed
  bool own_checkpoint = false;   ///< a server that makes none by itself takes CHECKPOINT as a statement
  bool data_path = false;        ///< its files can be put elsewhere
  bool all_types = true;         ///< else `stored_type` says what takes the place of those that are missing
  bool borrowed_strings = true;  ///< a chunk's strings are copied when the next chunk is asked for, as tables do it
  bool file_locks = true;        ///< nobody else can write while this process has it open
  bool writer_lease = false;     ///< nothing keeps a second writer out, or makes it fail: writers announce themselves
  bool changes = true;           ///< rows can be put into a table that stays
  bool retypes = true;           ///< a column takes any type; else greater integers and DOUBLE for FLOAT
  bool snapshots = false;        ///< CREATE SNAPSHOT and UPDATE SHARE
  bool partitions = false;       ///< SET PARTITIONED BY
  bool inlining = false;         ///< few rows can stand in the catalog instead of a file, where an option says so
};

/// How long and how much at once; zero is no limit.
struct Limits {
  std::uint64_t batch_rows = 0;              ///< rows of one loading statement, after which a new one begins
  std::chrono::seconds batch_seconds{0};     ///< the same by time
  RetryPolicy retry;                         ///< of a load, a publication, and what follows it
  std::chrono::milliseconds session_age{0};  ///< after which a session is made anew, between two statements
};

/// A target whose catalog is a Postgres database, said by a prefix of the location.
struct PostgresCatalog {
  std::string_view prefix;      ///< empty: there is no such thing
  std::string_view extension;   ///< of DuckDB, that reaches it
  std::string_view metadata;    ///< before the alias: the name under which the extension attaches it
  std::string_view table_like;  ///< which tables there are the catalog's, as a pattern of LIKE
};

/// A service that keeps databases, of which the target is one. It knows more of them than DuckDB's catalog shows.
struct Service {
  std::string_view path;       ///< what ATTACH takes for all of it, without a database; empty: there is no service
  std::string_view databases;  ///< a table function with `alias`, `is_attached` and `type` of each database
  std::string_view instance;   ///< a table function: the one name of the instance that runs the session's statements
};

/// Functions of a catalog that keeps earlier copies: each takes its name first.
struct Expiry {
  std::string_view snapshots;  ///< a table function with `snapshot_id` and `snapshot_time`; empty: none are kept
  std::string_view expire;     ///< has `versions`: a list of snapshots that nobody can ask for any more
  std::string_view clean_up;   ///< has `older_than`: removes files that no snapshot needs since that time
};

/// All that differs from one kind of target to another. The rest of the program asks these values and never what kind
/// the target is.
struct Dialect {
  std::span<const std::string_view> extensions;  ///< of DuckDB, in the order in which they are loaded
  /// Before those, beside that of the store, where something lies in one.
  std::span<const std::string_view> url_extensions;
  Engine engine = Engine::kOwn;
  bool location_is_path = false;  ///< a file, unless it has a prefix
  bool rows_in_files = false;     ///< the catalog is one in memory, the rows are in files that a manifest names
  bool own_alias = true;          ///< attached as kTargetCatalog; else under the name that the target has itself
  std::string_view type;          ///< the TYPE of ATTACH; empty: the prefix says it
  std::string_view path_prefix;   ///< before the location, in the path of ATTACH
  bool supports_token = false;    ///< ATTACH has the option TOKEN
  PostgresCatalog postgres_catalog;
  Service service;
  Capabilities supports;
  Expiry expiry;
  Limits limits;
  std::span<const engine::ErrorRule> errors;  ///< before those of every DuckDB
};

/// The dialect of a kind, with the limits of `profile` where they are tighter.
Dialect dialect_of(config::TargetKind kind, config::Profile profile);

/// A database of a borrowed instance: what a file supports, but other threads may write into it, and its files are its
/// owner's.
Dialect borrowed_dialect(config::Profile profile);

/// The dialect of a service's database that turns out to be a lake.
void limit_to_lake(Dialect& dialect);

/// The extensions by which files in an object store are written, listed and removed, beside that of the store.
std::span<const std::string_view> extensions_for_files();

/// Whether the catalog of a target at this location is a Postgres database.
bool has_postgres_catalog(const Dialect& dialect, std::string_view location);

/// What a Parquet file takes in the place of `type`: text for what it cannot hold exactly.
types::DuckType parquet_type(const types::DuckType& type);

/// What a column of `type` becomes where `supports.all_types` is false.
types::DuckType stored_type(const Dialect& dialect, const types::DuckType& type);

}  // namespace pg2duck::destination
