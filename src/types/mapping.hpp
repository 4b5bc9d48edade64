#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "types/duckdb_type.hpp"
#include "types/pg_type.hpp"
#include "types/value_format.hpp"

namespace pg2duck::types {

/// How a column is asked for in the SELECT.
enum class SendAs {
  kBinary,        ///< in its wire format, or a composite that is put together again from its fields
  kText,          ///< the text of the type's output function
  kTextElements,  ///< an array, cast to text[]
  kCast,          ///< cast to another Postgres type that the user asked for
};

/// How strictly a node holds its values to its target type.
enum class Fit {
  kStrict,          ///< what does not fit is unrepresentable
  kAdaptive,        ///< what does not fit is noted in the profile, and the table is loaded again with another type
  kAdaptiveFinite,  ///< the same, but NaN and the infinities are unrepresentable
};

/// What one Postgres column becomes, and how its bytes are read. Recursive: an array has its
/// element as child, a composite its fields.
struct Mapping {
  Wire wire = Wire::kText;
  DuckType target;
  std::vector<Mapping> children;
  /// The OID that the node's bytes carry in their parent: an array names its element's, a composite its fields'.
  Oid type = 0;
  /// Array: how many dimensions its values have, one LIST each.
  int dimensions = 0;
  /// Array: the index that its values begin with; 0 for int2vector and oidvector.
  int lower_bound = 1;
  /// Geometry: the SRID that all values have.
  std::uint32_t srid = 0;
  Fit fit = Fit::kStrict;
  /// Adaptive: where in the column's profile this node keeps what it sees.
  std::size_t slot = 0;
  SendAs send_as = SendAs::kBinary;
  /// kText: the output function; kCast: the Postgres type, both as SQL.
  std::string send_with;
  /// The names of a composite's fields in Postgres, for `read_expression`.
  std::vector<std::string> fields;
  /// Why the value travels as text, or what its type does not say; for plan and report, empty when there is nothing.
  std::string note;

  /// A strict mapping without children.
  static Mapping of(Wire wire, DuckType target);
};

/// Whether the column and each part of it is sent in the wire format of its own type, neither cast nor as text.
bool has_own_wire_format(const Mapping& mapping);

/// Whether any node of the mapping, or the children of it, is adaptive.
bool is_adaptive(const Mapping& mapping);

/// Whether the column may hold a sound value that the target cannot.
bool may_be_unrepresentable(const Mapping& mapping);

}  // namespace pg2duck::types
