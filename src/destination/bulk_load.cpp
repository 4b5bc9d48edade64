#include "destination/bulk_load.hpp"

#include "base/identifier.hpp"
#include "destination/load_function.hpp"

namespace pg2duck::destination {
namespace {

/// The function's columns as the table wants them.
std::string loaded_columns(const TableShape& shape) {
  std::string list;
  for (const ColumnShape& column : shape.columns) {
    std::string value = quote_identifier(column.name);
    if (column.type.id == types::DuckTypeId::kGeometry) {
      value = "ST_GeomFromWKB(" + value + ")";
    }
    list += (list.empty() ? "" : ", ") + value;
  }
  return list;
}

std::uint64_t run(Session& session, const TableShape& shape, ChunkSource& source, const std::string& before_from) {
  RunningLoad load(session, shape, source);
  std::uint64_t rows = 0;
  try {
    rows =
        session.execute_long(before_from + " FROM " + kLoadFunction + "(" + std::to_string(load.id()) + "::UBIGINT)");
  } catch (...) {
    load.wait_for_threads();
    load.rethrow_failure();
    throw;
  }
  load.wait_for_threads();
  load.rethrow_failure();
  return rows;
}

}  // namespace

std::uint64_t bulk_load(Session& session, const TableShape& shape, const TableName& into, ChunkSource& source) {
  return run(session, shape, source, "INSERT INTO " + target_name(into) + " SELECT " + loaded_columns(shape));
}

void read_only(Session& session, const TableShape& shape, ChunkSource& source) {
  run(session, shape, source, "SELECT count(*)");
}

}  // namespace pg2duck::destination
