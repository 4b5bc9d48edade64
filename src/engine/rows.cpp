#include "engine/rows.hpp"

#include <memory>

#include <duckdb.h>

#include "base/handle.hpp"
#include "engine/statement.hpp"

namespace pg2duck::engine {
namespace {

using Value = AddressHandle<duckdb_value, duckdb_destroy_value>;

Value scalar(int type, const ColumnReader& column, std::size_t row) {
  switch (type) {
    case DUCKDB_TYPE_BOOLEAN:
      return Value(duckdb_create_bool(column.values<bool>()[row]));
    case DUCKDB_TYPE_TINYINT:
      return Value(duckdb_create_int8(column.values<std::int8_t>()[row]));
    case DUCKDB_TYPE_SMALLINT:
      return Value(duckdb_create_int16(column.values<std::int16_t>()[row]));
    case DUCKDB_TYPE_INTEGER:
      return Value(duckdb_create_int32(column.values<std::int32_t>()[row]));
    case DUCKDB_TYPE_BIGINT:
      return Value(duckdb_create_int64(column.values<std::int64_t>()[row]));
    case DUCKDB_TYPE_UBIGINT:
      return Value(duckdb_create_uint64(column.values<std::uint64_t>()[row]));
    case DUCKDB_TYPE_HUGEINT:
      return Value(duckdb_create_hugeint(column.values<duckdb_hugeint>()[row]));
    case DUCKDB_TYPE_DOUBLE:
      return Value(duckdb_create_double(column.values<double>()[row]));
    case DUCKDB_TYPE_DATE:
      return Value(duckdb_create_date(column.values<duckdb_date>()[row]));
    case DUCKDB_TYPE_TIMESTAMP:
      return Value(duckdb_create_timestamp(column.values<duckdb_timestamp>()[row]));
    case DUCKDB_TYPE_TIMESTAMP_TZ:
      return Value(duckdb_create_timestamp_tz(column.values<duckdb_timestamp>()[row]));
    default:
      throw Error(ErrorKind::kBug, "a query for DuckDB yields a type that has no text here")
          .set_hint("cast the column to VARCHAR in the query");
  }
}

std::string cell_text(int type, const ColumnReader& column, std::size_t row) {
  if (type == DUCKDB_TYPE_VARCHAR) {
    return std::string(column.bytes(row));
  }
  const Value value = scalar(type, column, row);
  const std::unique_ptr<char, Releaser<duckdb_free>> text(duckdb_get_varchar(value.get()));
  return text.get();
}

void append_chunk(const Result& result, Rows& rows) {
  const std::size_t first = rows.rows.size();
  rows.rows.resize(first + result.rows(), std::vector<std::optional<std::string>>(rows.columns.size()));
  for (std::size_t i = 0; i < rows.columns.size(); ++i) {
    const ColumnReader column = result.column(i);
    for (std::size_t row = 0; row < result.rows(); ++row) {
      if (!column.is_null(row)) {
        rows.rows[first + row][i] = cell_text(result.columns()[i].type, column, row);
      }
    }
  }
}

}  // namespace

Rows run_query(const Connection& connection, const std::string& sql, ErrorRules rules) {
  Result result = run_statements(connection, sql, rules, Delivery::kStreamed);
  Rows rows;
  for (const ResultColumn& column : result.columns()) {
    rows.columns.push_back(column.name);
  }
  while (result.next()) {
    append_chunk(result, rows);
  }
  return rows;
}

}  // namespace pg2duck::engine
