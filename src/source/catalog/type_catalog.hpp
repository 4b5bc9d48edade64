#pragma once

#include <string>
#include <vector>

#include "source/session/connection.hpp"
#include "types/pg_type.hpp"

namespace pg2duck::source {

/// `used` and all types that they are made of: a query for each level of parts within parts, and one more each for
/// composites, enums and money.
types::TypeCatalog read_types(Connection& connection, const std::vector<types::Oid>& used);

/// An SQL literal of type oid[].
std::string oid_array(const std::vector<types::Oid>& oids);

}  // namespace pg2duck::source
