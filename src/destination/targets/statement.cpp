#include "destination/targets/statement.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string_view>
#include <thread>

#include <duckdb.h>

#include "base/handle.hpp"
#include "destination/targets/error_text.hpp"

namespace pg2duck::destination {
namespace {

using Chunk = AddressHandle<duckdb_data_chunk, duckdb_destroy_data_chunk>;
using Value = AddressHandle<duckdb_value, duckdb_destroy_value>;

using Prepared = AddressHandle<duckdb_prepared_statement, duckdb_destroy_prepare>;
using Extracted = AddressHandle<duckdb_extracted_statements, duckdb_destroy_extracted>;
using Pending = AddressHandle<duckdb_pending_result, duckdb_destroy_pending>;

void check_statement(const std::string& sql) {
  if (sql.find('\0') != std::string::npos) {
    throw Error(ErrorKind::kBug, "a statement for DuckDB holds a NUL byte");
  }
}

using Rules = std::span<const ErrorRule>;

Error failure(const char* text, Rules rules) {
  return translate_error(text == nullptr ? "the statement failed without a message" : text, rules);
}

/// Lets this thread take part until nothing is left to do; DuckDB's own way to wait for other threads is to ask without
/// a pause. Naps grow, so that short waits cost no time and long ones no work.
void take_part(duckdb_pending_result pending, Rules rules) {
  constexpr std::chrono::microseconds kShortest{20};
  constexpr std::chrono::microseconds kLongest{500};
  auto nap = kShortest;
  for (;;) {
    switch (duckdb_pending_execute_task(pending)) {
      case DUCKDB_PENDING_RESULT_READY:
        return;
      case DUCKDB_PENDING_ERROR:
        throw failure(duckdb_pending_error(pending), rules);
      case DUCKDB_PENDING_RESULT_NOT_READY:
        nap = kShortest;
        break;
      case DUCKDB_PENDING_NO_TASKS_AVAILABLE:
        std::this_thread::sleep_for(nap);
        nap = std::min(2 * nap, kLongest);
        break;
    }
  }
}

/// What SQL of one or more statements yields at its end.
class Result {
 public:
  Result(void* connection, const std::string& sql, Rules rules)
      : connection_(static_cast<duckdb_connection>(connection)), rules_(rules) {
    check_statement(sql);
    Extracted statements;
    const idx_t count = duckdb_extract_statements(connection_, sql.c_str(), statements.out());
    if (count == 0) {
      throw failure(duckdb_extract_statements_error(statements.get()), rules_);
    }
    for (idx_t i = 0; i < count; ++i) {
      execute(statements.get(), i);
    }
  }

  Result(const Result&) = delete;
  Result& operator=(const Result&) = delete;

  ~Result() { duckdb_destroy_result(&result_); }

  duckdb_result& get() { return result_; }

 private:
  void execute(duckdb_extracted_statements statements, idx_t index) {
    duckdb_destroy_result(&result_);
    Prepared prepared;
    if (duckdb_prepare_extracted_statement(connection_, statements, index, prepared.out()) == DuckDBError) {
      throw failure(duckdb_prepare_error(prepared.get()), rules_);
    }
    Pending pending;
    if (duckdb_pending_prepared(prepared.get(), pending.out()) == DuckDBError) {
      throw failure(duckdb_pending_error(pending.get()), rules_);
    }
    take_part(pending.get(), rules_);
    if (duckdb_execute_pending(pending.get(), &result_) == DuckDBError) {
      const Error error = failure(duckdb_result_error(&result_), rules_);
      duckdb_destroy_result(&result_);
      throw Error(error);
    }
  }

  duckdb_connection connection_;
  Rules rules_;
  duckdb_result result_{};
};

template <typename T>
const T& element(duckdb_vector vector, idx_t row) {
  return static_cast<const T*>(duckdb_vector_get_data(vector))[row];
}

Value scalar(duckdb_type type, duckdb_vector vector, idx_t row) {
  switch (type) {
    case DUCKDB_TYPE_BOOLEAN:
      return Value(duckdb_create_bool(element<bool>(vector, row)));
    case DUCKDB_TYPE_TINYINT:
      return Value(duckdb_create_int8(element<std::int8_t>(vector, row)));
    case DUCKDB_TYPE_SMALLINT:
      return Value(duckdb_create_int16(element<std::int16_t>(vector, row)));
    case DUCKDB_TYPE_INTEGER:
      return Value(duckdb_create_int32(element<std::int32_t>(vector, row)));
    case DUCKDB_TYPE_BIGINT:
      return Value(duckdb_create_int64(element<std::int64_t>(vector, row)));
    case DUCKDB_TYPE_UBIGINT:
      return Value(duckdb_create_uint64(element<std::uint64_t>(vector, row)));
    case DUCKDB_TYPE_HUGEINT:
      return Value(duckdb_create_hugeint(element<duckdb_hugeint>(vector, row)));
    case DUCKDB_TYPE_DOUBLE:
      return Value(duckdb_create_double(element<double>(vector, row)));
    case DUCKDB_TYPE_DATE:
      return Value(duckdb_create_date(element<duckdb_date>(vector, row)));
    case DUCKDB_TYPE_TIMESTAMP:
      return Value(duckdb_create_timestamp(element<duckdb_timestamp>(vector, row)));
    case DUCKDB_TYPE_TIMESTAMP_TZ:
      return Value(duckdb_create_timestamp_tz(element<duckdb_timestamp>(vector, row)));
    default:
      throw Error(ErrorKind::kBug, "a query for DuckDB yields a type that has no text here")
          .set_hint("cast the column to VARCHAR in the query");
  }
}

std::string cell_text(duckdb_type type, duckdb_vector vector, idx_t row) {
  if (type == DUCKDB_TYPE_VARCHAR) {
    duckdb_string_t text = element<duckdb_string_t>(vector, row);
    return {duckdb_string_t_data(&text), duckdb_string_t_length(text)};
  }
  const Value value = scalar(type, vector, row);
  const std::unique_ptr<char, Releaser<duckdb_free>> text(duckdb_get_varchar(value.get()));
  return text.get();
}

void append_chunk(duckdb_result& result, duckdb_data_chunk chunk, Rows& rows) {
  const idx_t size = duckdb_data_chunk_get_size(chunk);
  const std::size_t first = rows.rows.size();
  rows.rows.resize(first + size, std::vector<std::optional<std::string>>(rows.columns.size()));
  for (idx_t column = 0; column < rows.columns.size(); ++column) {
    const duckdb_type type = duckdb_column_type(&result, column);
    duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, column);
    std::uint64_t* validity = duckdb_vector_get_validity(vector);
    for (idx_t row = 0; row < size; ++row) {
      if (duckdb_validity_row_is_valid(validity, row)) {
        rows.rows[first + row][column] = cell_text(type, vector, row);
      }
    }
  }
}

}  // namespace

std::uint64_t run_statement(void* connection, const std::string& sql, Rules rules) {
  Result result(connection, sql, rules);
  return duckdb_rows_changed(&result.get());
}

void run_with_parameter(void* connection, const std::string& sql, const std::string& value) {
  check_statement(sql);
  Prepared prepared;
  duckdb_result result{};
  const bool failed =
      duckdb_prepare(static_cast<duckdb_connection>(connection), sql.c_str(), prepared.out()) == DuckDBError ||
      duckdb_bind_varchar_length(prepared.get(), 1, value.data(), value.size()) == DuckDBError ||
      duckdb_execute_prepared(prepared.get(), &result) == DuckDBError;
  duckdb_destroy_result(&result);
  if (failed) {
    // DuckDB's own words might repeat the value.
    throw Error(ErrorKind::kDestination, "DuckDB does not take the parameter of: " + sql);
  }
}

Rows run_query(void* connection, const std::string& sql, Rules rules) {
  Result result(connection, sql, rules);
  Rows rows;
  for (idx_t column = 0; column < duckdb_column_count(&result.get()); ++column) {
    rows.columns.emplace_back(duckdb_column_name(&result.get(), column));
  }
  while (const Chunk chunk{duckdb_fetch_chunk(result.get())}) {
    append_chunk(result.get(), chunk.get(), rows);
  }
  return rows;
}

}  // namespace pg2duck::destination
