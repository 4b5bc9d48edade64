#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "types/duckdb_type.hpp"
#include "types/pg_type.hpp"

namespace pg2duck::types {

/// A target type that the user asks for by name.
struct ChosenType {
  enum class Kind {
    kAuto,     ///< numeric: DECIMAL(38,s) while all values fit, else VARCHAR
    kEnum,     ///< an enum as ENUM
    kVarchar,  ///< anything as the text that Postgres prints
    kDecimal,  ///< exact, or unrepresentable
    kCast,     ///< cast by Postgres, by its rules
  } kind = Kind::kAuto;
  DuckType target;            ///< kVarchar, kDecimal, kCast
  Oid type = 0;               ///< kDecimal, kCast: the Postgres type whose values are the same
  std::string postgres_type;  ///< the same as SQL

  bool operator==(const ChosenType&) const = default;
};

/// Reads "varchar", "decimal(10,2)", "bigint", "auto", "enum", ...; case does not matter.
/// @return nullopt when there is no such type
std::optional<ChosenType> parse_chosen_type(std::string_view text);

/// The names that `parse_chosen_type` knows, for messages: "auto, bigint, ...".
std::string chosen_type_names();

/// What numeric without a bound that DECIMAL has becomes.
struct NumericTarget {
  enum class Kind {
    kAuto,     ///< DECIMAL(38,s) while all values fit, else VARCHAR
    kDecimal,  ///< DECIMAL(width,scale); what does not fit is unrepresentable
    kVarchar,  ///< exact digits as text
    kDouble,   ///< rounded by Postgres
  } kind = Kind::kAuto;
  int width = 38;
  int scale = 0;

  bool operator==(const NumericTarget&) const = default;
};

/// Reads "auto", "varchar", "double" or "decimal(p,s)".
std::optional<NumericTarget> parse_numeric_target(std::string_view text);

}  // namespace pg2duck::types
