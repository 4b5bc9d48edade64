#pragma once

#include <cstdint>
#include <optional>

#include "types/chosen_type.hpp"
#include "types/mapping.hpp"
#include "types/pg_type.hpp"
#include "types/value_profile.hpp"

namespace pg2duck::types {

/// What is asked for beyond the type itself.
struct MappingChoice {
  /// What numeric without a precision, or with one of more than 38 digits, becomes.
  NumericTarget numeric;
  /// The target type that the user wants for the column.
  std::optional<ChosenType> as;
  /// The column's pg_attribute.attndims: a hint only, Postgres does not hold values to it.
  int dimensions = 0;
  /// What values have shown, of this run or an earlier one; empty: nothing is known yet.
  ColumnProfile profile;
  /// NaN and infinities are left to the policy for unrepresentable values, and do not make text of a column.
  bool finite = false;
  /// `profile` has seen every value: what does not fit now is unrepresentable.
  bool final = false;
};

/// What a column of `type` with `typmod` becomes.
/// @pre `catalog` holds `type` and all that it is made of
/// @error Error(kUnsupportedType) for a pseudo-type or a type that the catalog does not know; Error(kConfig) when
///        the type cannot become what `choice.as` asks for
Mapping map_type(const TypeCatalog& catalog, Oid type, std::int32_t typmod, const MappingChoice& choice = {});

}  // namespace pg2duck::types
