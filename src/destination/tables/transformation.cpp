#include "destination/tables/transformation.hpp"

#include <algorithm>

#include <duckdb.h>
#include <fmt/format.h>

#include "base/handle.hpp"
#include "base/identifier.hpp"
#include "destination/tables/varying_function.hpp"
#include "destination/targets/duck_type.hpp"
#include "destination/targets/statement.hpp"

namespace pg2duck::destination {
namespace {

using DatabaseHandle = AddressHandle<duckdb_database, duckdb_close>;
using ConnectionHandle = AddressHandle<duckdb_connection, duckdb_disconnect>;
using Prepared = AddressHandle<duckdb_prepared_statement, duckdb_destroy_prepare>;

std::string read_name(const ColumnShape& column) {
  return quote_identifier(column.read_name.empty() ? column.name : column.read_name);
}

/// The expression in brackets; a comment in it ends at the line's end.
std::string bracketed(const std::string& expression) {
  return "(\n" + expression + "\n)";
}

/// A DuckDB that holds nothing, to ask what an expression means.
class Binder {
 public:
  Binder() {
    if (duckdb_open(nullptr, database_.out()) == DuckDBError ||
        duckdb_connect(database_.get(), connection_.out()) == DuckDBError) {
      throw Error(ErrorKind::kBug, "DuckDB cannot be opened in memory");
    }
    // As where the load runs: no function is fetched from anywhere.
    run_statement(connection_.get(), "SET autoinstall_known_extensions = false");
    run_statement(connection_.get(), "SET autoload_known_extensions = false");
  }

  /// The type of a query's only column.
  types::DuckType type_of(const std::string& sql) {
    const Prepared statement = prepare(sql);
    if (duckdb_prepared_statement_column_count(statement.get()) != 1) {
      throw Error(ErrorKind::kConfig, "it is more than one expression");
    }
    const LogicalType type(duckdb_prepared_statement_column_logical_type(statement.get(), 0));
    return duck_type_of(type.get());
  }

  bool varies(const std::string& sql) {
    const Rows found = run_query(connection_.get(), "SELECT json_serialize_plan(" + quote_literal(sql) + ")");
    return holds_varying_function(found.rows.at(0).at(0).value_or(""));
  }

  Prepared prepare(const std::string& sql) {
    Prepared statement;
    if (duckdb_prepare(connection_.get(), sql.c_str(), statement.out()) == DuckDBError) {
      const std::string text = duckdb_prepare_error(statement.get());
      throw Error(ErrorKind::kConfig, text.substr(0, text.find('\n')));
    }
    return statement;
  }

 private:
  DatabaseHandle database_;
  ConnectionHandle connection_;
};

std::string names_of(const TableShape& shape) {
  std::string names;
  for (const ColumnShape& column : shape.columns) {
    names += (names.empty() ? "" : ", ") + read_name(column);
  }
  return names;
}

void bind_one(Binder& binder, const TableShape& shape, const std::string& from, ColumnShape& column) {
  try {
    const std::string query = "SELECT " + column.expression + "\nFROM " + from;
    column.result = binder.type_of(query);
    column.varies = binder.varies(query);
    // Once more, where only a scalar expression may stand.
    binder.prepare("SELECT 1 FROM " + from + " WHERE " + bracketed(column.expression) + " IS NULL");
  } catch (Error& error) {
    throw Error(ErrorKind::kConfig, fmt::format("expression {}: {}", column.expression, error.message()))
        .set_hint(
            "one expression of DuckDB for each row, over the columns that are copied, by their names in "
            "Postgres: " +
            names_of(shape))
        .add_context("column " + column.name);
  }
}

}  // namespace

bool has_transformations(const TableShape& shape) {
  return std::ranges::any_of(shape.columns, [](const ColumnShape& column) { return !column.expression.empty(); });
}

void bind_transformations(TableShape& shape) {
  if (!has_transformations(shape)) {
    return;
  }
  const std::string from =
      transformed_from(shape, [](const ColumnShape& column) { return "CAST(NULL AS " + column.type.sql() + ")"; }, "");
  Binder binder;
  for (ColumnShape& column : shape.columns) {
    if (!column.expression.empty()) {
      bind_one(binder, shape, from, column);
    }
  }
}

std::string transformed(const ColumnShape& column) {
  return column.expression.empty() ? read_name(column) : bracketed(column.expression);
}

std::string transformed_from(const TableShape& shape, const std::function<std::string(const ColumnShape&)>& value,
                             const std::string& source) {
  std::string list;
  for (const ColumnShape& column : shape.columns) {
    list += (list.empty() ? "" : ", ") + value(column) + " AS " + read_name(column);
  }
  return "(SELECT " + list + (source.empty() ? "" : " FROM " + source) + ") AS " + quote_identifier(shape.name.name);
}

Error without_values(const TableShape& shape, const Error& error) {
  std::string expressions;
  for (const ColumnShape& column : shape.columns) {
    if (!column.expression.empty()) {
      expressions += fmt::format("{}column {}: {}", expressions.empty() ? "" : "; ", column.name, column.expression);
    }
  }
  const std::string& text = error.message();
  const std::size_t end = text.find(" Error");
  const std::string what = end == std::string::npos ? "an error" : "a " + text.substr(0, end) + " error";
  return Error(ErrorKind::kUnrepresentable,
               fmt::format("{} of DuckDB while a value was transformed ({}); its text is left out, as it may hold the "
                           "value",
                           what, expressions))
      .set_hint("TRY(expression) gives NULL where the expression fails");
}

}  // namespace pg2duck::destination
