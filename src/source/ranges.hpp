#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "source/catalog.hpp"

namespace pg2duck::source {

/// One COPY: a block range of one leaf, or a whole relation.
struct ReadRange {
  TableName relation;
  bool only = true;  ///< FROM ONLY: leave out children (false for views and for reading through a parent)
  std::optional<std::uint64_t> first_block;  ///< unset: the whole relation in one piece
  std::optional<std::uint64_t> end_block;    ///< exclusive; unset: to the end
  std::uint64_t bytes = 0;                   ///< share of heap and toast, for progress and balance
};

struct RangeOptions {
  unsigned block_bytes = 8192;
  bool tid_ranges = true;              ///< server 14 or newer
  unsigned readers = 2;                ///< ranges get smaller at the end so that this many finish together
  std::optional<std::uint64_t> limit;  ///< with a limit: one piece
};

/// Splits a table into ranges of 64-128 MB of heap plus toast, in physical order, smaller towards the end.
std::vector<ReadRange> split_ranges(const CatalogTable& table, const RangeOptions& options);

/// The SELECT that reads `range`; `select_list` comes from the plan, quoted there.
std::string select_sql(const ReadRange& range, const std::string& select_list, std::optional<std::uint64_t> limit);
/// COPY (…) TO STDOUT (FORMAT binary) around it.
std::string copy_sql(const ReadRange& range, const std::string& select_list, std::optional<std::uint64_t> limit);

/// The ctid of row `ordinal` (0-based) of `range`, as "(block,item)": ranges are read in physical order, so
/// the same snapshot gives the same row. For error messages; empty when it cannot be found.
std::string find_ctid(Connection& connection, const ReadRange& range, std::uint64_t ordinal);

}  // namespace pg2duck::source
