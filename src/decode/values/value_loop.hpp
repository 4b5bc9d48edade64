#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "decode/column_decoder.hpp"
#include "decode/column_view.hpp"
#include "decode/row_batch.hpp"

namespace pg2duck::decode {

/// @error BadValue: the bytes of `row` break their format
[[noreturn]] void throw_corrupt(std::size_t row, std::string message);

/// @error BadValue: the value of `row` is sound, the target cannot hold it
[[noreturn]] void throw_unrepresentable(std::size_t row, std::string message);

/// @error BadValue: "int4 of 3 bytes"
[[noreturn]] void throw_wrong_size(std::size_t row, const char* type, std::int32_t size);

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

/// Decoder of a type whose values all have the same size on the wire. `Rule` says how one is read:
///
///     struct Rule {
///       using Value = ...;                                           // as DuckDB keeps it
///       static constexpr std::int32_t kSize = ...;                   // bytes on the wire
///       static constexpr const char* kType = ...;                    // for messages
///       static Value read(const std::byte* data, std::size_t row);   // row: for BadValue
///     };
template <typename Rule>
class FixedSizeDecoder final : public ColumnDecoder {
 public:
  void decode(std::span<const Field> fields, ColumnView& out, std::size_t first_row) override {
    using Value = typename Rule::Value;
    Value* values = out.values<Value>() + first_row;
    NullMarker nulls(out, first_row);
    for (std::size_t row = 0; row < fields.size(); ++row) {
      const Field field = fields[row];
      if (field.length == Rule::kSize) [[likely]] {
        values[row] = Rule::read(field.data, row);
      } else if (field.is_null()) {
        values[row] = Value{};
        nulls.mark(row);
      } else {
        throw_wrong_size(row, Rule::kType, field.length);
      }
    }
  }
};

template <typename Rule>
std::unique_ptr<ColumnDecoder> make_fixed_size_decoder() {
  return std::make_unique<FixedSizeDecoder<Rule>>();
}

}  // namespace pg2duck::decode
