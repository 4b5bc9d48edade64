#include "destination/tables/transformation.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/identifier.hpp"
#include "destination/tables/varying_function.hpp"
#include "engine/rows.hpp"
#include "engine/statement.hpp"

namespace pg2duck::destination {
namespace {

std::string read_name(const ColumnShape& column) {
  return quote_identifier(column.read_name.empty() ? column.name : column.read_name);
}

/// The expression in brackets; a comment in it ends at the line's end.
std::string bracketed(const std::string& expression) {
  return "(\n" + expression + "\n)";
}

/// A DuckDB that holds nothing, to ask what an expression means. As where the load runs, no function is fetched from
/// anywhere.
class Binder {
 public:
  Binder() : instance_(engine::Instance::start({})), connection_(instance_) {}

  /// The type of a query's only column.
  types::DuckType type_of(const std::string& sql) {
    const engine::PreparedStatement statement = prepare(sql);
    if (statement.columns() != 1) {
      throw Error(ErrorKind::kConfig, "it is more than one expression");
    }
    const std::optional<types::DuckType> type = statement.column_type(0);
    if (!type) {
      throw Error(ErrorKind::kConfig, "it gives no type that a column of a copy can have; cast it, for one to VARCHAR");
    }
    return *type;
  }

  bool varies(const std::string& sql) {
    const engine::Rows found = engine::run_query(connection_, "SELECT json_serialize_plan(" + quote_literal(sql) + ")");
    return holds_varying_function(found.rows.at(0).at(0).value_or(""));
  }

  engine::PreparedStatement prepare(const std::string& sql) {
    std::string words;
    std::optional<engine::PreparedStatement> statement =
        engine::PreparedStatement::try_prepare(connection_, sql, words);
    if (!statement) {
      throw Error(ErrorKind::kConfig, words.substr(0, words.find('\n')));
    }
    return *std::move(statement);
  }

 private:
  engine::Instance instance_;
  engine::Connection connection_;
};

std::string names_of(const TableShape& shape) {
  std::vector<std::string> names;
  std::ranges::transform(shape.columns, std::back_inserter(names), read_name);
  return fmt::format("{}", fmt::join(names, ", "));
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

/// DuckDB's class of an error, for people.
std::string_view kind_of(std::string_view sqlstate) {
  using Name = std::pair<std::string_view, std::string_view>;
  constexpr std::array kNames{Name{"22018", "a Conversion error"}, Name{"22003", "an Out of Range error"},
                              Name{"22023", "an Invalid Input error"}, Name{"23", "a Constraint error"}};
  const auto* found = std::ranges::find_if(kNames, [&](const Name& name) { return sqlstate.starts_with(name.first); });
  return found == kNames.end() ? "an error" : found->second;
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
  std::vector<std::string> list;
  for (const ColumnShape& column : shape.columns) {
    list.push_back(value(column) + " AS " + read_name(column));
  }
  return fmt::format("(SELECT {}{}) AS {}", fmt::join(list, ", "), source.empty() ? "" : " FROM " + source,
                     quote_identifier(shape.name.name));
}

bool may_hold_values(const TableShape& shape, const Error& error) {
  // Disks and memory have none of them.
  const bool of_the_system = error.sqlstate().starts_with("53") || error.sqlstate().starts_with("58");
  return has_transformations(shape) && error.kind() == ErrorKind::kDestination && !of_the_system;
}

Error without_values(const TableShape& shape, const Error& error) {
  std::vector<std::string> expressions;
  for (const ColumnShape& column : shape.columns) {
    if (!column.expression.empty()) {
      expressions.push_back(fmt::format("column {}: {}", column.name, column.expression));
    }
  }
  return Error(ErrorKind::kUnrepresentable,
               fmt::format("{} of DuckDB while a value was transformed ({}); its text is left out, as it may hold the "
                           "value",
                           kind_of(error.sqlstate()), fmt::join(expressions, "; ")))
      .assign_sqlstate(error.sqlstate())
      .set_hint("TRY(expression) gives NULL where the expression fails");
}

}  // namespace pg2duck::destination
