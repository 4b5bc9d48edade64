#include "destination/targets/extensions.hpp"

#include <filesystem>
#include <optional>

#include "base/identifier.hpp"
#include "destination/targets/object_store.hpp"
#include "engine/statement.hpp"

namespace pg2duck::destination {
namespace {

void load_extension(const engine::Connection& connection, const Dialect& dialect, const std::string& name,
                    const DatabaseOptions& options) {
  const std::string& directory = options.extension_directory;
  const std::filesystem::path file = std::filesystem::path(directory) / (name + ".duckdb_extension");
  std::error_code ignored;
  const bool given = !directory.empty() && std::filesystem::exists(file, ignored);
  tell(options.on_statement, "LOAD " + quote_identifier(name));
  try {
    engine::run_statement(connection, "LOAD " + (given ? quote_literal(file.string()) : quote_identifier(name)),
                          {dialect.errors});
  } catch (Error& error) {
    if (error.kind() == ErrorKind::kDestination && error.hint().empty()) {
      error.set_hint("install it once with `duckdb -c 'INSTALL " + name + "'` (DuckDB " + engine::library_version() +
                     "), or set PG2DUCK_EXTENSION_DIRECTORY to a directory that holds " + name + ".duckdb_extension");
    }
    throw error.add_context("DuckDB " + engine::library_version() + ", extension " + name);
  }
}

/// Loads what reaches the store of a location, if it is in one, and after that `besides`.
void reach_location(const engine::Connection& connection, const Dialect& dialect, const DatabaseOptions& options,
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

}  // namespace

void load_extensions(const engine::Connection& connection, const Dialect& dialect, const DatabaseOptions& options) {
  reach_location(connection, dialect, options, options.path, dialect.url_extensions);
  reach_location(connection, dialect, options, options.data_path, dialect.url_extensions);
  // Written, listed and removed as those of a target of files.
  reach_location(connection, dialect, options, options.stage, extensions_for_files());
  if (has_postgres_catalog(dialect, options.path)) {
    load_extension(connection, dialect, std::string(dialect.postgres_catalog.extension), options);
  }
  for (const std::string_view name : dialect.extensions) {
    load_extension(connection, dialect, std::string(name), options);
  }
}

}  // namespace pg2duck::destination
