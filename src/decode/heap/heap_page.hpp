#pragma once

#include <cstddef>
#include <cstdint>

#include "base/byte_cursor.hpp"

namespace pg2duck::decode {

/// A page of a heap as the server keeps it in memory: 8,192 bytes, layout version 4.
/// @source PostgreSQL manual, "Database Page Layout"; src/include/storage/bufpage.h, itemid.h
class HeapPage {
 public:
  static constexpr std::size_t kSize = 8192;

  /// @error Error(kCorruptData) when the header is not that of such a page
  explicit HeapPage(Bytes page);

  /// pd_lsn: the byte after the WAL record of the page's last change, counted as pg_lsn is. 0 for a page of which no
  /// change was logged: one of an unlogged table, or one that was never used. Hint bits change without a record.
  /// @source PostgreSQL manual, "Database Page Layout": the first 8 bytes; bufpage.h, PageXLogRecPtr: two words of 32
  ///         bits in the machine's order, the upper one (xlogid) before the lower one (xrecoff)
  [[nodiscard]] std::uint64_t lsn() const;

  /// Every tuple is visible to every transaction that can see the table at all. The bit is set under the page's lock
  /// and cleared before any change, so a page with it holds no tuple that a snapshot taken earlier could not see.
  [[nodiscard]] bool all_visible() const { return all_visible_; }

  /// Line pointers are numbered from 1 to this; 0 for a page that was never used.
  [[nodiscard]] unsigned items() const { return items_; }

  /// The tuple that line pointer `item` points to; empty when it points to none (unused, dead, redirected).
  /// @error Error(kCorruptData) when it points outside of the page, or to less than a tuple's header
  [[nodiscard]] Bytes tuple(unsigned item) const;

 private:
  const std::byte* data_;
  unsigned items_ = 0;
  bool all_visible_ = false;
};

}  // namespace pg2duck::decode
