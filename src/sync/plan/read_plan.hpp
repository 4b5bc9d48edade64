#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "source/read/page_reader.hpp"
#include "source/read/ranges.hpp"
#include "sync/plan/cursor_plan.hpp"
#include "sync/plan/plan_inputs.hpp"
#include "sync/plan/planned_column.hpp"

namespace pg2duck::sync {

/// How a table's rows are asked for.
enum class ReadBy {
  kPages,       ///< pages of its heaps
  kRanges,      ///< COPY of several ranges
  kOnePiece,    ///< one COPY
  kWholeTable,  ///< the same, as the user wants the server to have an easy time
  kIndex,       ///< one COPY of the rows that an index finds
};

/// What is read of a table in Postgres, and how.
struct ReadPlan {
  WantedRows rows;
  ReadBy by = ReadBy::kOnePiece;
  std::string because;   ///< why it is one piece; may be empty
  std::string no_pages;  ///< why pages are not read; empty: they are, or nobody asked for them
  std::string order;     ///< SQL of what the rows are sorted by, read in one piece; empty: nothing
  std::vector<source::ReadRange> ranges;
  std::vector<source::ReadRange> all_ranges;  ///< that cover all rows of the table
  std::optional<source::PageSource> pages;    ///< of kPages
};

/// The column of staged keys that says where a row stands which the cursor does not choose: "16384(0,1)".
inline constexpr const char* kPlaceColumn = "_pg2duck_place";

/// A pass over the keys of all rows that the copy is to hold, before its rows are read: what the copy has not is read
/// too, what it has and the source has not is deleted.
struct KeyPlan {
  std::vector<PlannedColumn> columns;  ///< the key, and places of rows that the cursor does not choose
};

/// Nothing: the copy is not reconciled, or all rows are read anyway.
std::optional<KeyPlan> plan_keys(const std::vector<PlannedColumn>& columns, const WantedRows& rows,
                                 const std::optional<Increment>& increment, const std::optional<CursorPlan>& cursor);

/// Decides how the table is read, and cuts it into ranges for that. `leaves_out`: a rule leaves columns out.
ReadPlan plan_reading(const TableInputs& inputs, const std::vector<PlannedColumn>& columns, bool leaves_out,
                      const WantedRows& rows);

/// What is asked of each range: `columns` of the rows of `table` for which `condition` (SQL) holds; empty: of all.
source::ReadRequest request_for(const TableName& table, const std::vector<PlannedColumn>& columns,
                                const std::string& condition);

/// How Postgres would find the rows of a cursor.
struct IndexFacts {
  bool scans_all = true;  ///< it would look at every row of some heap
  bool has_index = true;  ///< each heap has one that begins with the cursor
};

/// Whether Postgres is to be asked how it would find the rows of the cursor.
bool may_use_index(const source::CatalogTable& table, const std::optional<CursorPlan>& cursor);

/// Whether a table without an index for its cursor is worth a word.
bool is_worth_an_index(const source::CatalogTable& table);

/// `plan` of a table whose rows an index finds: they are read in one piece, as each range of blocks would search the
/// index anew; what an append adds is sorted by its cursor.
ReadPlan read_by_index(ReadPlan plan, const TableInputs& inputs, const Increment& increment, const CursorPlan& cursor);

/// What an index would be good for, where there is none.
std::string missing_index(const source::CatalogTable& table, const CursorPlan& cursor);

/// "copy in ranges (no pages: it is small)".
std::string describe(const ReadPlan& plan);

}  // namespace pg2duck::sync
