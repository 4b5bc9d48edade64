#pragma once

#include <cstddef>
#include <cstdint>

#include "decode/column_view.hpp"

namespace pg2duck::decode {

/// Marks rows as NULL. Fetches the validity mask at the first of them: a column without NULLs has none.
class NullMarker {
 public:
  NullMarker(ColumnView& out, std::size_t first_row) : out_(out), first_row_(first_row) {}

  /// `row` counts from the batch's first row.
  void mark(std::size_t row) {
    if (mask_ == nullptr) {
      mask_ = out_.validity();
    }
    const std::size_t bit = first_row_ + row;
    mask_[bit / 64] &= ~(std::uint64_t{1} << (bit % 64));
  }

 private:
  ColumnView& out_;
  std::size_t first_row_;
  std::uint64_t* mask_ = nullptr;
};

}  // namespace pg2duck::decode
