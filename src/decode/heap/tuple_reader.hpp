#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "base/byte_cursor.hpp"
#include "decode/heap/stored_layout.hpp"
#include "decode/row_batch.hpp"

namespace pg2duck::decode {

/// Cuts tuples of one heap into the stored bytes of their attributes, compressed ones unpacked.
/// @source src/backend/access/common/heaptuple.c, heap_deform_tuple; src/include/varatt.h
class TupleReader {
 public:
  /// @shape `layout` outlives this
  explicit TupleReader(const StoredLayout& layout) : layout_(layout) {}

  /// Adds the tuple as the next row of `batch`. Fields point into `tuple`, into the layout, or to memory that is kept
  /// until `release`.
  /// @return false when the tuple holds a value that lies outside of the heap; nothing was added then
  /// @error Error(kCorruptData) when the bytes break the layout
  bool read(Bytes tuple, RowBatch& batch);

  /// Frees what the fields of earlier rows point to.
  void release() {
    unpacked_.clear();
    unpacked_bytes_ = 0;
  }

  /// Of values that were packed, since the last `release`.
  [[nodiscard]] std::size_t unpacked_bytes() const { return unpacked_bytes_; }

 private:
  struct Value {
    Field field;
    std::size_t end = 0;  ///< where the next attribute begins, before alignment
    bool elsewhere = false;
  };

  Value read_varlena(const StoredAttribute& attribute, Bytes data, std::size_t at);
  Field unpack(Bytes packed);

  const StoredLayout& layout_;
  std::vector<std::unique_ptr<std::byte[]>> unpacked_;
  std::size_t unpacked_bytes_ = 0;
};

}  // namespace pg2duck::decode
