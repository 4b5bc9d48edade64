#include "destination/targets/attachment.hpp"

#include <algorithm>
#include <chrono>
#include <fcntl.h>
#include <filesystem>
#include <thread>
#include <unistd.h>

#include <duckdb.h>

#include "base/identifier.hpp"
#include "destination/targets/object_store.hpp"
#include "destination/targets/statement.hpp"

namespace pg2duck::destination {
namespace {

/// Whether another process holds a lock on the file, as DuckDB does while it is open.
bool is_locked(const std::string& path) {
  const int file = open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) {
    return true;
  }
  struct flock lock{};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  const bool locked = fcntl(file, F_GETLK, &lock) != 0 || lock.l_type != F_UNLCK;
  close(file);
  return locked;
}

bool is_empty(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored) && std::filesystem::file_size(path, ignored) == 0 &&
         !std::filesystem::exists(path + ".wal", ignored);
}

/// An empty file, as `mktemp` makes one or a full disk leaves one, holds nothing that could be lost, but DuckDB takes
/// it for damaged. One that has just appeared may be another process's that is about to lock it.
void remove_if_empty(const std::string& path) {
  if (!is_empty(path)) {
    return;
  }
  std::error_code ignored;
  const auto age = std::filesystem::file_time_type::clock::now() - std::filesystem::last_write_time(path, ignored);
  constexpr std::chrono::nanoseconds kTimeToLock = std::chrono::milliseconds(100);
  std::this_thread::sleep_for(std::min(kTimeToLock, kTimeToLock - age));
  if (is_empty(path) && !is_locked(path)) {
    std::filesystem::remove(path, ignored);
  }
}

void tell(const DatabaseOptions& options, const std::string& sql) {
  if (options.on_statement) {
    options.on_statement(sql);
  }
}

void load_extension(void* connection, const Dialect& dialect, const std::string& name, const DatabaseOptions& options) {
  const std::string& directory = options.extension_directory;
  const std::filesystem::path file = std::filesystem::path(directory) / (name + ".duckdb_extension");
  std::error_code ignored;
  const bool given = !directory.empty() && std::filesystem::exists(file, ignored);
  tell(options, "LOAD " + quote_identifier(name));
  try {
    run_statement(connection, "LOAD " + (given ? quote_literal(file.string()) : quote_identifier(name)),
                  dialect.errors);
  } catch (Error& error) {
    if (error.hint().empty()) {
      error.set_hint("install it once with `duckdb -c 'INSTALL " + name + "'` (DuckDB " + duckdb_library_version() +
                     "), or set PG2DUCK_EXTENSION_DIRECTORY to a directory that holds " + name + ".duckdb_extension");
    }
    throw error.add_context(std::string("DuckDB ") + duckdb_library_version() + ", extension " + name);
  }
}

std::string attach_sql(const Dialect& dialect, const DatabaseOptions& options, const std::string& alias) {
  if (dialect.rows_in_files) {
    return "ATTACH ':memory:' AS " + quote_identifier(alias);
  }
  std::string sql = "ATTACH " + quote_literal(std::string(dialect.path_prefix) + options.path);
  if (dialect.own_alias) {
    sql += " AS " + quote_identifier(alias);
  }
  std::string settings;
  const auto add = [&settings](const std::string& setting) { settings += (settings.empty() ? "" : ", ") + setting; };
  if (!dialect.type.empty()) {
    add("TYPE " + std::string(dialect.type));
  }
  if (!options.token.empty() && dialect.supports_token) {
    add(kTokenOption);
  }
  if (!options.storage_version.empty()) {
    add("STORAGE_VERSION " + quote_literal(options.storage_version));
  }
  if (!options.data_path.empty()) {
    add("DATA_PATH " + quote_literal(options.data_path));
  }
  if (options.read_only && dialect.engine == Engine::kOwn) {
    add("READ_ONLY");
  }
  return settings.empty() ? sql : sql + " (" + settings + ")";
}

/// Loads what reaches the store of a location, if it is in one, and after that `besides`.
void reach_location(void* connection, const Dialect& dialect, const DatabaseOptions& options,
                    const std::string& location, std::span<const std::string_view> besides) {
  const std::optional<config::ObjectStore> store = config::object_store_of(location);
  if (!store) {
    return;
  }
  load_extension(connection, dialect, std::string(extension_of(*store)), options);
  for (const std::string_view name : besides) {
    load_extension(connection, dialect, std::string(name), options);
  }
  reach_object_store(connection, *store, options.object_stores.at(static_cast<std::size_t>(*store)));
}

bool has_postgres_catalog(const Dialect& dialect, const DatabaseOptions& options) {
  return !dialect.postgres_catalog.prefix.empty() && options.path.starts_with(dialect.postgres_catalog.prefix);
}

/// The catalog's tables have no primary keys: when a publication sends their updates, Postgres refuses to change them,
/// and with that every commit. Better said before the load than after it.
void check_publications(void* connection, const Dialect& dialect, const Attachment& attachment) {
  const std::string question =
      "SELECT DISTINCT t.pubname::text FROM pg_catalog.pg_publication_tables t JOIN pg_catalog.pg_publication p USING "
      "(pubname) WHERE (p.pubupdate OR p.pubdelete) AND t.tablename LIKE " +
      quote_literal(dialect.postgres_catalog.table_like);
  const Rows found = run_query(connection,
                               "FROM postgres_query(" +
                                   quote_literal(std::string(dialect.postgres_catalog.metadata) + attachment.alias) +
                                   ", " + quote_literal(question) + ")",
                               dialect.errors);
  if (!found.rows.empty()) {
    const std::string name = quote_identifier(found.rows[0][0].value_or(""));
    throw Error(ErrorKind::kConflict, "the publication " + name +
                                          " in the catalog's database covers the lake's own tables, which keeps every "
                                          "commit from succeeding")
        .set_hint("put the catalog into a database of its own; or there: DROP PUBLICATION " + name +
                  "; CREATE PUBLICATION " + name + " FOR TABLE ... with the tables that are meant");
  }
}

}  // namespace

void load_extensions(void* connection, const Dialect& dialect, const DatabaseOptions& options) {
  reach_location(connection, dialect, options, options.path, dialect.url_extensions);
  reach_location(connection, dialect, options, options.data_path, dialect.url_extensions);
  // Written, listed and removed as those of a target of files.
  reach_location(connection, dialect, options, options.stage,
                 dialect_of(config::TargetKind::kParquet, config::Profile::kTarget).url_extensions);
  if (has_postgres_catalog(dialect, options)) {
    load_extension(connection, dialect, std::string(dialect.postgres_catalog.extension), options);
  }
  for (const std::string_view name : dialect.extensions) {
    load_extension(connection, dialect, std::string(name), options);
  }
}

Attachment attach_target(void* connection, const Dialect& dialect, const DatabaseOptions& options,
                         const std::string& alias) {
  if (dialect.supports.file_locks && !options.read_only) {
    remove_if_empty(options.path);
  }
  run_with_token(connection, dialect, options, attach_sql(dialect, options, alias));
  Attachment attachment{.alias = dialect.own_alias ? alias : options.path, .catalog = {}};
  attachment.catalog = attachment.alias;
  if (has_postgres_catalog(dialect, options)) {
    check_publications(connection, dialect, attachment);
  }
  if (dialect.engine == Engine::kRemote) {
    const auto ask = [&](const std::string& question) {
      return run_query(connection, for_engine(dialect, attachment, question), dialect.errors);
    };
    attachment.catalog = ask("SELECT current_database()").rows.at(0).at(0).value_or("");
    // Text made of a TIMESTAMPTZ must not depend on the machine, nor on the server's.
    ask("SET TimeZone = 'UTC'");
  }
  return attachment;
}

Attachment find_attached(void* connection, const std::string& name) {
  if (run_query(connection, "SELECT path FROM duckdb_databases() WHERE database_name = " + quote_literal(name))
          .rows.empty()) {
    throw Error(ErrorKind::kConfig, "the instance has no database '" + name + "'")
        .set_hint("attach it, or name one of duckdb_databases()");
  }
  return {.alias = name, .catalog = name};
}

void run_with_token(void* connection, const Dialect& dialect, const DatabaseOptions& options, const std::string& sql) {
  if (!options.token.empty()) {
    run_with_parameter(connection, "SET VARIABLE pg2duck_token = $1", options.token.reveal());
  }
  tell(options, sql);
  run_statement(connection, sql, dialect.errors);
  if (!options.token.empty()) {
    run_statement(connection, "RESET VARIABLE pg2duck_token");
  }
}

bool target_is_there(const Dialect& dialect, const std::string& location) {
  const bool is_path = dialect.location_is_path && location.find(':') == std::string::npos;
  return !is_path || std::filesystem::exists(location);
}

std::string for_engine(const Dialect& dialect, const Attachment& attachment, const std::string& sql) {
  return dialect.engine == Engine::kOwn
             ? sql
             : "FROM " + quote_identifier(attachment.alias) + ".query(" + quote_literal(sql) + ")";
}

}  // namespace pg2duck::destination
