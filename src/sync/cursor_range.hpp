#pragma once

#include <string>

#include "config/disposition.hpp"
#include "source/catalog.hpp"
#include "types/pg_type.hpp"

namespace pg2duck::sync {

/// Which rows a cursor chooses, as SQL for Postgres.
struct CursorRange {
  const config::Disposition& disposition;
  const source::CatalogColumn* column;  ///< null: the cursor is xmin
  const types::TypeCatalog& types;
  config::NullCursor null_cursor;
};

/// The rows from `last_value` on, the lag before it, to the end that is set, and those without a value as the policy
/// wants. An empty `last_value` is the beginning. @return empty: all rows
/// @error Error(kConfig): the cursor's type knows no lag
std::string rows_since(const CursorRange& range, const std::string& last_value);

}  // namespace pg2duck::sync
