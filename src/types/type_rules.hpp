#pragma once

#include <string>
#include <vector>

#include "types/mapping.hpp"

namespace pg2duck::types {

/// The mapping of a type that always becomes the same, whatever its typmod: a leaf, or a geometric type.
/// @return nullptr when there is no such rule
const Mapping* find_rule(const PgType& type);

/// Names of all types with a rule of their own, as pg_type has them; those of extensions as "extension.type".
/// The rules for kinds of types (array, composite, domain, enum, range, multirange) are among them by that name.
std::vector<std::string> known_type_names();

}  // namespace pg2duck::types
