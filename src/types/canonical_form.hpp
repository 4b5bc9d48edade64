#pragma once

#include <string>
#include <utility>
#include <vector>

#include "types/mapping.hpp"
#include "types/pg_type.hpp"

namespace pg2duck::types {

/// What the value of a copied column must be made into, so that two are the same exactly when Postgres calls those of
/// its column equal.
struct CanonicalForm {
  enum class Kind {
    kSame,           ///< nothing: DuckDB's equality is that of Postgres
    kTrimmedNumber,  ///< the text of a numeric without zeros at the end of its fraction: 1.50 and 1.5
    kUnpadded,       ///< text without blanks at its end
    kJson,           ///< the text of a jsonb, its numbers trimmed
    kSpan,           ///< an interval as microseconds, with days of 24 hours and months of 30 days
    kText,           ///< as text, where DuckDB's type calls equal what Postgres does not
    kLowerCase,      ///< text in lower case, as the server has it
    kList,           ///< each element in its form, `depth` lists deep
    kFields,         ///< each field in its form
  };

  Kind kind = Kind::kSame;
  std::vector<CanonicalForm> children;  ///< kList: that of the elements; kFields: one for each name
  std::vector<std::string> names;       ///< kFields
  int depth = 1;
  std::pair<std::string, std::string> letters;  ///< kLowerCase: as many characters each; what becomes what

  bool operator==(const CanonicalForm&) const = default;
};

/// The form of a key column.
struct KeyForm {
  CanonicalForm form;
  std::string refusal;  ///< why there is none: "of type cube, …"; empty: there is one
};

/// The form in which values of `type`, copied by `mapping`, can be compared. `deterministic`: the column's collation
/// never calls different texts equal.
/// @pre `catalog` holds `type` and all that it is made of
KeyForm key_form(const TypeCatalog& catalog, Oid type, bool deterministic, const Mapping& mapping);

}  // namespace pg2duck::types
