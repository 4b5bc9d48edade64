#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "decode/bad_value.hpp"
#include "decode/column_decoder.hpp"
#include "decode/null_marker.hpp"

namespace pg2duck::decode {

/// Decoder of a type whose values all have the same size. `Rule` says how one is read:
///
///     struct Rule {
///       using Value = ...;                                           // as DuckDB keeps it
///       static constexpr std::int32_t kSize = ...;                   // bytes of each value
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
