#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace pg2duck {

/// `name` between double quotes, inner quotes doubled: safe in Postgres and in DuckDB SQL.
std::string quote_identifier(std::string_view name);

/// `value` between single quotes, inner quotes doubled. Right where backslashes are ordinary
/// characters: DuckDB, and Postgres with standard_conforming_strings = on (set on every session).
std::string quote_literal(std::string_view value);

/// `name` for people, as a pattern takes it: quoted only where it would be ambiguous.
std::string display_identifier(std::string_view name);

/// A table's name inside one database.
struct TableName {
  std::string schema;
  std::string name;

  auto operator<=>(const TableName&) const = default;

  /// `"schema"."name"`, for SQL.
  [[nodiscard]] std::string quoted() const;
  /// schema.name for people.
  [[nodiscard]] std::string display() const;
  /// Both names by `fold_case`: what DuckDB takes for one table has one of these.
  [[nodiscard]] TableName folded() const;
};

/// ASCII lower case, the way DuckDB compares names.
std::string fold_case(std::string_view name);

}  // namespace pg2duck
