#include "destination/load/bulk_load.hpp"

#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "destination/tables/stored_value.hpp"
#include "destination/tables/transformation.hpp"
#include "engine/load_function.hpp"

namespace pg2duck::destination {
namespace {

/// The values of the function's columns.
std::string as_read(const ColumnShape& column) {
  const std::string name = quote_identifier(column.name);
  return column.type.id == types::DuckTypeId::kGeometry ? "ST_GeomFromWKB(" + name + ")" : name;
}

/// The columns as the target wants them, or as Parquet files hold those.
std::string loaded_columns(const Session& session, const TableShape& shape, bool for_files = false) {
  const bool transforms = has_transformations(shape);
  std::vector<std::string> list;
  for (const ColumnShape& column : shape.columns) {
    const std::string name = quote_identifier(column.name);
    std::string value = transforms ? transformed(column) : as_read(column);
    const types::DuckType target =
        for_files ? parquet_type(target_type(session, column)) : target_type(session, column);
    value = stored_sql(value, column.expression.empty() ? column.type : column.result, target);
    list.push_back(value == name ? value : value + " AS " + name);
  }
  return fmt::format("{}", fmt::join(list, ", "));
}

/// What the table function gives. Its thread repeats an interrupt that came before the statement had begun, and was
/// lost by that.
engine::LoadInput input_of(Session& session, const TableShape& shape, ChunkSource& source) {
  std::vector<engine::LoadColumn> columns;
  for (const ColumnShape& column : shape.columns) {
    columns.push_back({.name = column.name, .type = column.type});
  }
  return {.columns = std::move(columns),
          .source = source,
          .borrows_strings = session.dialect().supports.borrowed_strings,
          .on_chunk = [&session] {
            if (session.interrupt_pending()) {
              session.interrupt();
            }
          }};
}

std::uint64_t run(Session& session, const TableShape& shape, ChunkSource& source, const LoadStatement& statement,
                  std::span<const engine::ErrorRule> last = {}) {
  engine::RunningLoad load(input_of(session, shape, source));
  const std::string from = has_transformations(shape) ? transformed_from(shape, as_read, load.sql()) : load.sql();
  std::uint64_t rows = 0;
  try {
    rows = session.execute_load(statement("FROM " + from), last);
  } catch (...) {
    load.wait_for_threads();
    load.rethrow_failure();
    const Error error = current_error();
    if (may_hold_values(shape, error)) {
      throw without_values(shape, error);
    }
    throw;
  }
  load.wait_for_threads();
  load.rethrow_failure();
  return rows;
}

/// The table as this process's DuckDB names it.
std::string name_here(const Session& session, const TableName& table) {
  return quote_identifier(session.catalog_here()) + "." + table.quoted();
}

}  // namespace

std::uint64_t bulk_load(Session& session, const TableShape& shape, const TableName& into, ChunkSource& source) {
  return load_by(session, shape, source,
                 [&](const std::string& query) { return "INSERT INTO " + name_here(session, into) + " " + query; });
}

std::uint64_t create_and_load(Session& session, const TableShape& shape, const TableName& as, ChunkSource& source) {
  return load_by(session, shape, source,
                 [&](const std::string& query) { return "CREATE TABLE " + name_here(session, as) + " AS " + query; });
}

std::uint64_t load_by(Session& session, const TableShape& shape, ChunkSource& source, const LoadStatement& statement) {
  return run(session, shape, source, [&](const std::string& from) {
    return statement("SELECT " + loaded_columns(session, shape) + " " + from);
  });
}

std::uint64_t load_into_files(Session& session, const TableShape& shape, ChunkSource& source,
                              const LoadStatement& statement, std::span<const engine::ErrorRule> last) {
  return run(
      session, shape, source,
      [&](const std::string& from) { return statement("SELECT " + loaded_columns(session, shape, true) + " " + from); },
      last);
}

void read_only(Session& session, const TableShape& shape, ChunkSource& source) {
  run(session, shape, source, [](const std::string& from) { return "SELECT count(*) " + from; });
}

}  // namespace pg2duck::destination
