#pragma once

#include <cstdint>
#include <optional>

#include "types/chosen_type.hpp"
#include "types/mapping.hpp"
#include "types/value_profile.hpp"

namespace pg2duck::types {

/// What numeric with `typmod` becomes whatever its values are: a DECIMAL that holds all that it allows, or, when none
/// does, what is `wanted`.
/// @return nothing when neither says so: then it is for the values to say
std::optional<Mapping> map_declared_numeric(std::int32_t typmod, const NumericTarget& wanted);

/// What numeric becomes whose values have shown `seen`: the DECIMAL(38,s) that holds them all, or VARCHAR.
/// `finite`: NaN and the infinities need no place in it.
Mapping map_seen_numeric(const ValueProfile& seen, bool finite);

/// The target of a mapping, with a DECIMAL of no width for each text in it that is a number, whose zeros at the end say
/// nothing of its value.
DuckType with_numbers_marked(const Mapping& mapping);

}  // namespace pg2duck::types
