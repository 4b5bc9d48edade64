#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/identifier.hpp"
#include "source/session/connection.hpp"
#include "types/pg_type.hpp"

namespace pg2duck::source {

/// How a session may read pages of heaps as the server keeps them.
struct PageAccess {
  enum class By {
    kNobody,
    kSuperuser,  ///< pageinspect's get_raw_page
    kFunction,   ///< the function of `page_access_sql`
  };

  By by = By::kNobody;
  std::string schema;   ///< kSuperuser: where pageinspect is
  std::string refusal;  ///< kNobody: why
  std::string hint;     ///< kNobody: what would change that; empty when nothing would
};

/// Pages need a primary server of a version whose layout is known (14-18), blocks of 8 kB, a snapshot that cannot grow
/// too old, and the right: a superuser with pageinspect, or the function of `page_access_sql`.
/// @pre inside of a transaction that has its snapshot
PageAccess find_page_access(Connection& connection);

/// What a superuser runs so that `role`, which can read a table, can read its pages too. Never run by pg2duck.
std::string page_access_sql(const std::string& role);

/// The number of a block in its heap, from 0. @source src/include/storage/block.h
using BlockNumber = std::uint32_t;

/// The SELECT of some pages of a heap, in the order of `blocks`, one bytea a row; behind them, as the last row, eight
/// bytes in network order: how many rows of these pages the snapshot sees, as the server counts them.
/// @pre `blocks` has at least one block; ascending, each once
std::string pages_sql(const PageAccess& access, const TableName& heap, std::span<const BlockNumber> blocks);

/// One attribute of a heap, dropped ones too, in attribute order.
struct HeapAttribute {
  std::string name;  ///< empty: dropped
  types::Oid type = 0;
  std::int16_t length = -1;
  char alignment = 'i';   ///< pg_attribute.attalign
  bool is_stored = true;  ///< not so for virtual generated columns, which tuples do not have
  /// What tuples older than the attribute hold, as its send function gives it; unset: NULL.
  std::optional<std::vector<std::byte>> missing;
};

/// A heap whose pages may be read.
struct Heap {
  std::vector<HeapAttribute> attributes;
  std::string refusal;  ///< why its pages cannot be read; empty when they can
};

/// The heaps of `relations`, tables and partitions, by OID; in two queries.
std::map<types::Oid, Heap> read_heaps(Connection& connection, const std::vector<types::Oid>& relations);

}  // namespace pg2duck::source
