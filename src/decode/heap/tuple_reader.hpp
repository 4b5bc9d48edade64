#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "base/byte_cursor.hpp"
#include "decode/heap/tuple_layout.hpp"
#include "decode/row_batch.hpp"

namespace pg2duck::decode {

/// Cuts tuples of one heap into the values of their attributes, in heap format, compressed ones decompressed.
/// @source src/backend/access/common/heaptuple.c, heap_deform_tuple; src/include/varatt.h
class TupleReader {
 public:
  /// @pre `layout` outlives this
  explicit TupleReader(const TupleLayout& layout) : layout_(layout) {}

  /// Adds the tuple as the next row of `batch`. Fields point into `tuple`, into the layout, or to memory that is kept
  /// until `release`.
  /// @return false when the tuple holds a value out of line, in the TOAST table; nothing was added then
  /// @error Error(kCorruptData) when the bytes break the layout
  bool read(Bytes tuple, RowBatch& batch);

  /// Frees what the fields of earlier rows point to.
  void release() {
    decompressed_.clear();
    decompressed_bytes_ = 0;
  }

  /// Of values that were compressed, since the last `release`.
  [[nodiscard]] std::size_t decompressed_bytes() const { return decompressed_bytes_; }

 private:
  struct Value {
    Field field;
    std::size_t end = 0;  ///< where the next attribute begins, before alignment
    bool out_of_line = false;
  };

  Value read_varlena(const TupleAttribute& attribute, Bytes data, std::size_t at);
  Field decompress(Bytes compressed);

  const TupleLayout& layout_;
  std::vector<std::unique_ptr<std::byte[]>> decompressed_;
  std::size_t decompressed_bytes_ = 0;
};

}  // namespace pg2duck::decode
