#include "destination/targets/attachment.hpp"

#include <algorithm>
#include <chrono>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <thread>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/identifier.hpp"
#include "destination/targets/secret_variable.hpp"
#include "engine/rows.hpp"
#include "engine/statement.hpp"

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

std::string attach_sql(const Dialect& dialect, const DatabaseOptions& options, const std::string& alias) {
  if (dialect.rows_in_files) {
    return "ATTACH ':memory:' AS " + quote_identifier(alias);
  }
  std::string sql = "ATTACH " + quote_literal(std::string(dialect.path_prefix) + options.path);
  if (dialect.own_alias) {
    sql += " AS " + quote_identifier(alias);
  }
  std::vector<std::string> settings;
  if (!dialect.type.empty()) {
    settings.push_back("TYPE " + std::string(dialect.type));
  }
  if (!options.token.empty() && dialect.supports_token) {
    settings.emplace_back(kTokenOption);
  }
  if (!options.storage_version.empty()) {
    settings.emplace_back("STORAGE_VERSION " + quote_literal(options.storage_version));
  }
  if (!options.data_path.empty()) {
    settings.emplace_back("DATA_PATH " + quote_literal(options.data_path));
  }
  if (options.read_only && dialect.engine == Engine::kOwn) {
    settings.emplace_back("READ_ONLY");
  }
  return settings.empty() ? sql : fmt::format("{} ({})", sql, fmt::join(settings, ", "));
}

/// The catalog's tables have no primary keys: when a publication sends their updates, Postgres refuses to change them,
/// and with that every commit. Better said before the load than after it.
void check_publications(const engine::Connection& connection, const Dialect& dialect, const Attachment& attachment) {
  const std::string question =
      "SELECT DISTINCT t.pubname::text FROM pg_catalog.pg_publication_tables t JOIN pg_catalog.pg_publication p USING "
      "(pubname) WHERE (p.pubupdate OR p.pubdelete) AND t.tablename LIKE " +
      quote_literal(dialect.postgres_catalog.table_like);
  const engine::Rows found = engine::run_query(
      connection,
      "FROM postgres_query(" + quote_literal(std::string(dialect.postgres_catalog.metadata) + attachment.alias) + ", " +
          quote_literal(question) + ")",
      {dialect.errors});
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

Attachment attach_target(const engine::Connection& connection, const Dialect& dialect, const DatabaseOptions& options,
                         const std::string& alias) {
  if (dialect.supports.file_locks && !options.read_only) {
    remove_if_empty(options.path);
  }
  run_with_token(connection, dialect, options, attach_sql(dialect, options, alias));
  Attachment attachment{.alias = dialect.own_alias ? alias : options.path, .catalog = {}};
  attachment.catalog = attachment.alias;
  if (has_postgres_catalog(dialect, options.path)) {
    check_publications(connection, dialect, attachment);
  }
  if (dialect.engine == Engine::kRemote) {
    const auto ask = [&](const std::string& question) {
      return engine::run_query(connection, for_engine(dialect, attachment, question), {dialect.errors});
    };
    attachment.catalog = ask("SELECT current_database()").rows.at(0).at(0).value_or("");
    // Text made of a TIMESTAMPTZ must not depend on the machine, nor on the server's.
    ask("SET TimeZone = 'UTC'");
  }
  return attachment;
}

Attachment find_attached(const engine::Connection& connection, const std::string& name) {
  if (engine::run_query(connection, "SELECT path FROM duckdb_databases() WHERE database_name = " + quote_literal(name))
          .rows.empty()) {
    throw Error(ErrorKind::kConfig, "the instance has no database '" + name + "'")
        .set_hint("attach it, or name one of duckdb_databases()");
  }
  return {.alias = name, .catalog = name};
}

void run_with_token(const engine::Connection& connection, const Dialect& dialect, const DatabaseOptions& options,
                    const std::string& sql) {
  std::optional<SecretVariable> token;
  if (!options.token.empty()) {
    token.emplace(connection, "pg2duck_token", options.token);
  }
  tell(options.on_statement, sql);
  engine::run_statement(connection, sql, {dialect.errors});
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
