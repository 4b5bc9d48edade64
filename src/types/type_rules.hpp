#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "types/mapping.hpp"
#include "types/pg_type.hpp"
#include "types/value_format.hpp"

namespace pg2duck::types {

/// The mapping of a type with a rule of its own: what it becomes depends on nothing but pg_type and the typmod.
/// Adaptive types, and types that are made of others, are map_type's business.
/// @return nothing when there is no such rule, or the type has no wire format
std::optional<Mapping> find_rule(const PgType& type, std::int32_t typmod);

/// The heap format of a type with a rule of its own.
/// @return nothing when there is no such rule, or the type is never read from pages
std::optional<HeapFormat> find_heap_format(const PgType& type);

/// Names of all types with a rule of their own, as pg_type has them; those of extensions as "extension.type".
/// The rules for kinds of types (array, composite, domain, enum, range, multirange) are among them by that name.
std::vector<std::string> known_type_names();

}  // namespace pg2duck::types
