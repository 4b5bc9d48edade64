#include "engine/statement.hpp"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include <duckdb.h>

#include "engine/duck_type.hpp"

namespace pg2duck::engine {
namespace {

using Extracted = AddressHandle<duckdb_extracted_statements, duckdb_destroy_extracted>;
using Pending = AddressHandle<duckdb_pending_result, duckdb_destroy_pending>;

void check_statement(const std::string& sql) {
  if (sql.find('\0') != std::string::npos) {
    throw Error(ErrorKind::kBug, "a statement for DuckDB holds a NUL byte");
  }
}

Error failure(const char* text, ErrorRules rules) {
  return translate_error(text == nullptr ? "the statement failed without a message" : text, rules);
}

/// Lets this thread take part until nothing is left to do; DuckDB's own way to wait for other threads is to ask without
/// a pause. Naps grow, so that short waits cost no time and long ones no work.
void take_part(duckdb_pending_result pending, ErrorRules rules) {
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

/// Binds a value by its type.
struct Binder {
  duckdb_state operator()(std::monostate /*null*/) const { return duckdb_bind_null(statement, position); }

  duckdb_state operator()(bool value) const { return duckdb_bind_boolean(statement, position, value); }

  duckdb_state operator()(std::int64_t value) const { return duckdb_bind_int64(statement, position, value); }

  duckdb_state operator()(double value) const { return duckdb_bind_double(statement, position, value); }

  duckdb_state operator()(const std::string& value) const {
    return duckdb_bind_varchar_length(statement, position, value.data(), value.size());
  }

  duckdb_state operator()(const Blob& value) const {
    return duckdb_bind_blob(statement, position, value.bytes.data(), value.bytes.size());
  }

  duckdb_state operator()(Date value) const { return duckdb_bind_date(statement, position, {value.days}); }

  duckdb_state operator()(Timestamp value) const { return duckdb_bind_timestamp(statement, position, {value.micros}); }

  duckdb_state operator()(TimestampTz value) const {
    return duckdb_bind_timestamp_tz(statement, position, {value.micros});
  }

  duckdb_prepared_statement statement;
  idx_t position;
};

}  // namespace

void destroy_statement(_duckdb_prepared_statement** statement) {
  duckdb_destroy_prepare(statement);
}

PreparedStatement::PreparedStatement(const Connection& connection, const std::string& sql, ErrorRules rules)
    : rules_(rules) {
  check_statement(sql);
  if (duckdb_prepare(connection.native(), sql.c_str(), handle_.out()) == DuckDBError) {
    throw failure(duckdb_prepare_error(handle_.get()), rules);
  }
}

std::optional<PreparedStatement> PreparedStatement::try_prepare(const Connection& connection, const std::string& sql,
                                                                std::string& words) {
  check_statement(sql);
  PreparedStatement statement;
  if (duckdb_prepare(connection.native(), sql.c_str(), statement.handle_.out()) == DuckDBError) {
    words = duckdb_prepare_error(statement.handle_.get());
    return std::nullopt;
  }
  return statement;
}

void PreparedStatement::bind(std::size_t position, const Parameter& value) {
  if (std::visit(Binder{.statement = handle_.get(), .position = position}, value) == DuckDBError) {
    throw failure(duckdb_prepare_error(handle_.get()), rules_);
  }
}

std::size_t PreparedStatement::columns() const {
  return duckdb_prepared_statement_column_count(handle_.get());
}

std::optional<types::DuckType> PreparedStatement::column_type(std::size_t column) const {
  const LogicalType type(duckdb_prepared_statement_column_logical_type(handle_.get(), column));
  return duck_type_of(type.get());
}

Result PreparedStatement::run(Delivery delivery) const {
  Pending pending;
  const auto begin = delivery == Delivery::kStreamed ? duckdb_pending_prepared_streaming : duckdb_pending_prepared;
  if (begin(handle_.get(), pending.out()) == DuckDBError) {
    throw failure(duckdb_pending_error(pending.get()), rules_);
  }
  take_part(pending.get(), rules_);
  return Result(pending.get(), rules_);
}

Result run_statements(const Connection& connection, const std::string& sql, ErrorRules rules, Delivery last) {
  check_statement(sql);
  Extracted statements;
  const idx_t count = duckdb_extract_statements(connection.native(), sql.c_str(), statements.out());
  if (count == 0) {
    throw failure(duckdb_extract_statements_error(statements.get()), rules);
  }
  for (idx_t i = 0;; ++i) {
    PreparedStatement statement;
    statement.rules_ = rules;
    if (duckdb_prepare_extracted_statement(connection.native(), statements.get(), i, statement.handle_.out()) ==
        DuckDBError) {
      throw failure(duckdb_prepare_error(statement.handle_.get()), rules);
    }
    if (i + 1 == count) {
      return statement.run(last);
    }
    (void)statement.run();
  }
}

std::uint64_t run_statement(const Connection& connection, const std::string& sql, ErrorRules rules) {
  return run_statements(connection, sql, rules, Delivery::kWhole).rows_changed();
}

void run_quietly(const Connection& connection, const std::string& sql) noexcept {
  try {
    run_statement(connection, sql);
  } catch (...) {
    // Only from destructors: what is committed is safe in the write-ahead log.
  }
}

void run_with_parameter(const Connection& connection, const std::string& sql, const std::string& value) {
  try {
    PreparedStatement statement(connection, sql);
    statement.bind(1, value);
    (void)statement.run();
  } catch (const Error&) {
    // DuckDB's own words might repeat the value.
    throw Error(ErrorKind::kDestination, "DuckDB does not take the parameter of: " + sql);
  }
}

}  // namespace pg2duck::engine
