#pragma once

#include <functional>
#include <string>

#include "base/error.hpp"
#include "destination/tables/table_ddl.hpp"

namespace pg2duck::destination {

// Expressions of DuckDB that make the values of some columns out of those that are read, before they are stored
// anywhere.

bool has_transformations(const TableShape& shape);

/// Sets the type that each expression of `shape` gives. Each must be one scalar expression over the columns of the
/// shape by their read names: no aggregate, window or unnest, which would change the number of rows.
/// @error Error(kConfig) with column, expression and DuckDB's words
void bind_transformations(TableShape& shape);

/// SQL of a column's value in the target, over the columns of `transformed_from`.
std::string transformed(const ColumnShape& column);

/// The columns of `source` under the names that expressions use, as what stands behind FROM. `value` is SQL of a
/// column's value over those of `source`.
std::string transformed_from(const TableShape& shape, const std::function<std::string(const ColumnShape&)>& value,
                             const std::string& source);

/// Whether `error` of a load can be that of a value which an expression was given.
bool may_hold_values(const TableShape& shape, const Error& error);

/// `error` of a load, without DuckDB's text: it may hold a value that is to be stored nowhere.
Error without_values(const TableShape& shape, const Error& error);

}  // namespace pg2duck::destination
