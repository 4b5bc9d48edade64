#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace pg2duck::decode {

/// 16 bytes that DuckDB keeps for a string: up to 12 bytes inline, else a prefix and a pointer.
/// @source duckdb.h, duckdb_string_t (its layout is asserted equal in engine/)
struct StringEntry {
  std::uint32_t length;
  char inlined[12];
};

inline constexpr std::size_t kInlineStringLength = 12;

/// The entry of a longer string that stays where it is: its bytes must live until the column has been used.
/// @source duckdb.h, duckdb_string_t: the first four bytes, then the pointer
inline StringEntry refer_to(const char* bytes, std::size_t size) {
  StringEntry entry{.length = static_cast<std::uint32_t>(size), .inlined = {}};
  std::memcpy(entry.inlined, bytes, 4);
  std::memcpy(&entry.inlined[4], static_cast<const void*>(&bytes), sizeof(bytes));
  return entry;
}

/// DuckDB's entry of a LIST row. @source duckdb.h, duckdb_list_entry
struct ListEntry {
  std::uint64_t offset;
  std::uint64_t length;
};

/// DuckDB's INTERVAL. @source duckdb.h, duckdb_interval
struct IntervalValue {
  std::int32_t months;
  std::int32_t days;
  std::int64_t micros;
};

/// Two's-complement 128-bit number, low word first. @source duckdb.h, duckdb_hugeint
__extension__ typedef __int128 Int128;

/// Where a decoder writes one column: data, validity, strings, children. Implemented over a DuckDB
/// vector in `engine`, and over arrays in tests.
///
/// @thread one caller at a time
class ColumnView {
 public:
  ColumnView() = default;
  ColumnView(const ColumnView&) = delete;
  ColumnView& operator=(const ColumnView&) = delete;
  virtual ~ColumnView() = default;

  /// The column's values, in the layout of its DuckDB type. Invalid after a `resize_child`
  /// of the parent.
  [[nodiscard]] virtual void* data() = 0;

  /// One bit a row, 1 = not NULL; all ones at the start. Made on first use.
  [[nodiscard]] virtual std::uint64_t* validity() = 0;

  /// Stores `size` bytes (more than kInlineStringLength) as the string or blob of `row`.
  virtual void assign_string(std::size_t row, const char* bytes, std::size_t size) = 0;

  enum class Layout {
    kScalar,
    kList,    ///< LIST and MAP: one child of any size
    kStruct,  ///< a child for each field, as many rows as the parent
    kArray,   ///< one child, a fixed number of rows for each of the parent's
  };

  [[nodiscard]] virtual Layout layout() const = 0;

  /// kList: rows in the child so far.
  [[nodiscard]] virtual std::size_t child_size() = 0;
  /// kList: makes room for `size` child rows in all and sets the child's size to that. New rows are not NULL.
  virtual void resize_child(std::size_t size) = 0;
  /// kStruct: how many fields; kList, kArray: 1.
  [[nodiscard]] virtual std::size_t children() const = 0;
  /// kStruct: field `index`; kList, kArray: the one child, at 0. A MAP's child is a STRUCT of key and value.
  [[nodiscard]] virtual ColumnView& child(std::size_t index) = 0;

  template <typename T>
  [[nodiscard]] T* values() {
    return static_cast<T*>(data());
  }

  void set_null(std::size_t row) { validity()[row / 64] &= ~(std::uint64_t{1} << (row % 64)); }
};

}  // namespace pg2duck::decode
