#pragma once

#include <string>
#include <vector>

#include "config/rules/disposition.hpp"
#include "source/catalog/catalog.hpp"
#include "source/read/cursor_position.hpp"
#include "types/pg_type.hpp"

namespace pg2duck::source {

/// Which rows a cursor chooses, as SQL for Postgres.
struct CursorRange {
  const config::Disposition& disposition;
  const CatalogColumn* column;  ///< null: the cursor is xmin
  const types::TypeCatalog& types;
  config::NullCursor null_cursor;
};

/// The column as `maximum_of` asks for it.
/// @pre the cursor is not xmin
CursorColumn cursor_column(const CursorRange& range);

/// Whether Postgres knows which of two values is the greater one.
bool is_sortable(const CursorRange& range);

/// The rows from `watermark` on, the lag before it, to the end that is set, and those without a value as the policy
/// wants. An empty `watermark` is the beginning. @return empty: all rows
/// @error Error(kConfig): the cursor's type knows no lag
std::string rows_since(const CursorRange& range, const std::string& watermark);

/// The rows whose cursor's value others can follow: not infinity and NaN, beyond which there is nothing.
/// @return empty: all rows
std::string finite_rows(const CursorRange& range);

/// SQL that is true when the lag would skip rows; empty: there is no lag.
/// @error Error(kConfig): the cursor's type knows no lag
std::string lag_is_negative(const CursorRange& range);

/// The rows that no run up to `watermark` has read, without a look at lag, policy or end.
std::string rows_beyond(const CursorRange& range, const std::string& watermark);

/// The rows that hold a value in at least one of `columns`. @return empty: there is no column
std::string rows_with_any(const std::vector<std::string>& columns);

/// The rows that lie in one of these heaps. @return empty: there is no heap
std::string rows_of_heaps(const std::vector<types::Oid>& heaps);

/// Whether values that were of DuckDB's type `was` are text now, which sorts otherwise.
bool is_text_now(const CursorRange& range, const std::string& was);

/// Whether xmin, the lower 32 bits of a transaction's number, tells rows written from transaction `from` on from older
/// ones, where `next` is the number that the server gives to the next transaction: not when a half of the ring lies
/// between, nor when the server has not come to `from` yet, having been restored.
/// @shape both are decimal numbers of 64 bits
bool xmin_reaches(const std::string& from, const std::string& next);

}  // namespace pg2duck::source
