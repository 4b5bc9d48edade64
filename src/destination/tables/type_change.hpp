#pragma once

#include <string>

#include "base/identifier.hpp"
#include "destination/session/session.hpp"
#include "destination/targets/dialect.hpp"
#include "types/change/conversion.hpp"
#include "types/change/type_text.hpp"

namespace pg2duck::destination {

// SQL of values that get another type (types/change/conversion.hpp). A cast alone would not do: TRY_CAST makes NULL of
// an element that does not fit and tells nobody, and types that have nothing in common have no cast at all.

/// A column, or a part of it, that gets another type.
struct TypeChange {
  types::TypeText from;
  types::TypeText to;
  types::Digits digits = types::Digits::kAsDeclared;

  bool operator==(const TypeChange&) const = default;
};

/// SQL that carries out the change for `value`; NULL, or an empty list, of what has no way there.
std::string converted_sql(const std::string& value, const TypeChange& change);

/// SQL of a condition: something of `value` is lost by the change. Empty: nothing ever is.
std::string misfit_sql(const std::string& value, const TypeChange& change);

/// Whether a column of a table loses nothing by the change.
bool all_fit(Session& session, const TableName& table, const std::string& column, const TypeChange& change);

/// Whether a column holds anything but NULL.
bool has_values(Session& session, const TableName& table, const std::string& column);

/// Whether the target alters a column so in place; else its table has to be written anew.
bool can_alter(const Capabilities& supports, const types::TypeText& from, const types::TypeText& to);

}  // namespace pg2duck::destination
