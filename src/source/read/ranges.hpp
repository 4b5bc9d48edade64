#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "source/catalog/catalog.hpp"

namespace pg2duck::source {

/// What is read at once: a block range of one leaf, or a whole relation.
struct ReadRange {
  TableName relation;
  types::Oid oid = 0;
  bool only = true;  ///< FROM ONLY: leave out children (false for views and for reading through a parent)
  std::optional<std::uint64_t> first_block;  ///< unset: the whole relation in one piece
  std::optional<std::uint64_t> end_block;    ///< exclusive; unset: to the end
  std::uint64_t bytes = 0;                   ///< share of heap and toast, for progress and balance
  std::string condition;                     ///< SQL of its rows that are wanted; empty: what the request says
};

struct RangeOptions {
  unsigned block_bytes = 8192;
  bool tid_ranges = true;  ///< server 14 or newer
  unsigned readers = 2;    ///< ranges get smaller at the end so that this many finish together
  /// The last range of a heap ends with its last block, not with the heap.
  bool closed = false;
  std::optional<std::uint64_t> limit;  ///< with a limit: one piece
};

/// Splits a table into ranges of 64-128 MB of heap plus toast, in physical order, smaller towards the end.
std::vector<ReadRange> split_ranges(const CatalogTable& table, const RangeOptions& options);

/// All of a table in one piece, with its children.
ReadRange whole(const CatalogTable& table);

/// What is asked of every range of a table.
struct ReadRequest {
  std::string select_list;  ///< SQL; from the plan, quoted there
  std::string condition;    ///< SQL of the rows that are wanted; empty: all
  std::string alias;        ///< what `condition` calls the table, its partitions too; empty: its own name
  std::string order;        ///< SQL of what the rows are sorted by; empty: nothing
  std::optional<std::uint64_t> limit;
};

/// `condition` between brackets, on lines of its own: it may end in a comment.
std::string bracketed(const std::string& condition);
/// The rows for which both conditions hold; an empty one holds for all.
std::string both(const std::string& condition, const std::string& more);
/// The rows for which one of the conditions holds.
/// @shape none is empty, and the first one ends in no comment
std::string either(const std::string& condition, const std::string& other);
/// The rows for which `condition` is false or unknown.
std::string not_true(const std::string& condition);

/// The SELECT that reads `range`.
std::string select_sql(const ReadRange& range, const ReadRequest& request);
/// The COPY … TO STDOUT (FORMAT binary) that reads `range`.
std::string copy_sql(const ReadRange& range, const ReadRequest& request);

/// A row of a range, by one of these; by none when it is not known which row it is.
struct RowPlace {
  std::optional<std::uint64_t> ordinal;  ///< from 0, as the COPY of the range sends the rows
  std::string ctid;                      ///< "(0,1)"
};

/// Where a value stands, and how Postgres prints it. Both may be empty: a view has no ctid.
struct FoundValue {
  std::string ctid;
  std::string text;  ///< its beginning
};

/// Looks for a row of a range. For messages: never throws for what it cannot find. `text` is the expression (SQL) whose
/// text is wanted.
FoundValue find_value(Connection& connection, const ReadRange& range, const ReadRequest& request, const RowPlace& place,
                      const std::string& text);

}  // namespace pg2duck::source
