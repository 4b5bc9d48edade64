#include "source/read/ranges.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/identifier.hpp"
#include "source/session/savepoint.hpp"

namespace pg2duck::source {
namespace {

constexpr std::uint64_t kMegabyte = std::uint64_t{1} << 20;
constexpr std::uint64_t kLargestPiece = 128 * kMegabyte;
constexpr std::uint64_t kSmallestPiece = 8 * kMegabyte;
// Below it a second connection costs more than it brings.
constexpr std::uint64_t kOnePieceBelow = 2 * kSmallestPiece;
// Of a value that is named in a message.
constexpr int kShownCharacters = 200;

std::uint64_t leaf_bytes(const Leaf& leaf) {
  return leaf.heap_bytes + leaf.toast_bytes;
}

ReadRange whole_relation(const TableName& name, types::Oid oid, bool only, std::uint64_t bytes) {
  return {.relation = name,
          .oid = oid,
          .only = only,
          .first_block = std::nullopt,
          .end_block = std::nullopt,
          .bytes = bytes};
}

/// Pieces of equal size while there is much left, then smaller and smaller ones: whoever is late at the end is late by
/// a small piece only.
std::uint64_t piece_size(std::uint64_t remaining, unsigned readers) {
  return std::clamp(remaining / (2 * std::uint64_t{std::max(readers, 1U)}), kSmallestPiece, kLargestPiece);
}

/// Bytes of a leaf's first `block` blocks. Toast is taken to lie evenly over the heap.
std::uint64_t bytes_before(const Leaf& leaf, std::uint64_t blocks, std::uint64_t block) {
  if (block == 0 || block >= blocks) {
    return block == 0 ? 0 : leaf_bytes(leaf);
  }
  return static_cast<std::uint64_t>(static_cast<long double>(leaf_bytes(leaf)) * static_cast<long double>(block) /
                                    static_cast<long double>(blocks));
}

/// Appends the ranges of one leaf. `remaining` counts down the bytes of the whole table.
void split_leaf(const Leaf& leaf, const RangeOptions& options, std::uint64_t& remaining,
                std::vector<ReadRange>& ranges) {
  const std::uint64_t blocks = (leaf.heap_bytes + options.block_bytes - 1) / options.block_bytes;
  std::uint64_t block = 0;
  bool last = false;
  while (!last) {
    const std::uint64_t left_here = leaf_bytes(leaf) - bytes_before(leaf, blocks, block);
    const std::uint64_t piece = remaining < kOnePieceBelow ? remaining : piece_size(remaining, options.readers);
    std::uint64_t end = blocks;
    // A rest of less than half a piece is not worth a range of its own.
    if (blocks > 0 && left_here > piece + piece / 2) {
      const long double share = static_cast<long double>(piece) / static_cast<long double>(leaf_bytes(leaf));
      end = block + std::max<std::uint64_t>(1, static_cast<std::uint64_t>(share * static_cast<long double>(blocks)));
    }
    last = end >= blocks;
    end = std::min(end, blocks);
    const std::uint64_t bytes = bytes_before(leaf, blocks, end) - bytes_before(leaf, blocks, block);
    const std::uint64_t share = last ? left_here : bytes;
    // Open at the end: nothing depends on the size that was taken.
    ranges.push_back({.relation = leaf.name,
                      .oid = leaf.oid,
                      .only = true,
                      .first_block = block,
                      .end_block = last && !options.closed ? std::nullopt : std::optional(end),
                      .bytes = share});
    remaining -= std::min(remaining, share);
    block = end;
  }
}

/// Whether the rows can only be read through the relation itself.
bool must_read_whole(const CatalogTable& table, const RangeOptions& options) {
  return table.leaves.empty() || !table.whole_because.empty() || (options.limit && table.leaves.size() > 1);
}

std::string from_and_where(const ReadRange& range, const ReadRequest& request) {
  std::string sql = std::string(" FROM ") + (range.only ? "ONLY " : "") + range.relation.quoted();
  if (!request.alias.empty()) {
    sql += " AS " + quote_identifier(request.alias);
  }
  std::vector<std::string> conditions;
  if (range.first_block) {
    conditions.push_back("ctid >= '(" + std::to_string(*range.first_block) + ",0)'::pg_catalog.tid");
  }
  if (range.end_block) {
    conditions.push_back("ctid < '(" + std::to_string(*range.end_block) + ",0)'::pg_catalog.tid");
  }
  const std::string& wanted = range.condition.empty() ? request.condition : range.condition;
  if (!wanted.empty()) {
    conditions.push_back(bracketed(wanted));
  }
  if (!conditions.empty()) {
    sql += fmt::format(" WHERE {}", fmt::join(conditions, " AND "));
  }
  return sql + (request.order.empty() ? "" : " ORDER BY " + request.order);
}

}  // namespace

ReadRange whole(const CatalogTable& table) {
  std::uint64_t total = 0;
  for (const Leaf& leaf : table.leaves) {
    total += leaf_bytes(leaf);
  }
  return whole_relation(table.name, table.oid, false, total);
}

std::vector<ReadRange> split_ranges(const CatalogTable& table, const RangeOptions& options) {
  const ReadRange all = whole(table);
  if (must_read_whole(table, options)) {
    return {all};
  }
  std::vector<ReadRange> ranges;
  std::uint64_t remaining = all.bytes;
  for (const Leaf& leaf : table.leaves) {
    if (options.limit || !options.tid_ranges || leaf.kind == RelationKind::kForeign || options.block_bytes == 0) {
      ranges.push_back(whole_relation(leaf.name, leaf.oid, true, leaf_bytes(leaf)));
      remaining -= std::min(remaining, leaf_bytes(leaf));
    } else {
      split_leaf(leaf, options, remaining, ranges);
    }
  }
  return ranges;
}

std::string bracketed(const std::string& condition) {
  return "(\n" + condition + "\n)";
}

std::string both(const std::string& condition, const std::string& more) {
  if (condition.empty() || more.empty()) {
    return condition + more;
  }
  return bracketed(condition) + " AND " + bracketed(more);
}

std::string either(const std::string& condition, const std::string& other) {
  return condition + " OR " + bracketed(other);
}

std::string not_true(const std::string& condition) {
  return bracketed(condition) + " IS NOT TRUE";
}

std::string select_sql(const ReadRange& range, const ReadRequest& request) {
  return "SELECT " + request.select_list + from_and_where(range, request) +
         (request.limit ? " LIMIT " + std::to_string(*request.limit) : "");
}

std::string copy_sql(const ReadRange& range, const ReadRequest& request) {
  return "COPY (" + select_sql(range, request) + ") TO STDOUT (FORMAT binary)";
}

namespace {

std::string find_sql(const ReadRange& range, const ReadRequest& request, const RowPlace& place,
                     const std::string& text) {
  // The children of a parent share ctids.
  const std::string ctid = range.only ? "ctid::pg_catalog.text" : "''";
  const std::string value = "pg_catalog.left(" + text + ", " + std::to_string(kShownCharacters) + ")";
  if (!place.ctid.empty()) {
    return "SELECT " + ctid + ", " + value + " FROM ONLY " + range.relation.quoted() +
           " WHERE ctid = " + quote_literal(place.ctid) + "::pg_catalog.tid";
  }
  // Planned on its own, as the COPY was: a LIMIT could choose another plan, and with it another order.
  return "WITH found(place, value) AS MATERIALIZED (SELECT " + ctid + ", " + value + from_and_where(range, request) +
         ") SELECT place, value FROM found OFFSET " + std::to_string(*place.ordinal) + " LIMIT 1";
}

}  // namespace

FoundValue find_value(Connection& connection, const ReadRange& range, const ReadRequest& request, const RowPlace& place,
                      const std::string& text) {
  FoundValue found;
  if (place.ctid.empty() && !place.ordinal) {
    return found;
  }
  try {
    // A foreign table may have no ctid. The place in the message is worth no second failure.
    (void)try_asking(connection, [&] {
      const Result row = connection.query(find_sql(range, request, place, text));
      if (row.rows() == 1) {
        found = {.ctid = row.text(0, 0), .text = row.is_null(0, 1) ? "" : row.text(0, 1)};
      }
    });
  } catch (const Error&) {
    return found;
  }
  return found;
}

}  // namespace pg2duck::source
