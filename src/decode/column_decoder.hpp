#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "decode/bad_value.hpp"
#include "decode/column_view.hpp"
#include "decode/row_batch.hpp"
#include "types/value_profile.hpp"

namespace pg2duck::decode {

/// Decodes one column of a batch. Chosen once per column from its mapping; nested types hold the
/// decoders of their children, and hand each child all of its values at once.
class ColumnDecoder {
 public:
  ColumnDecoder() = default;
  ColumnDecoder(const ColumnDecoder&) = delete;
  ColumnDecoder& operator=(const ColumnDecoder&) = delete;
  virtual ~ColumnDecoder() = default;

  /// Writes `fields` to rows `first_row`, `first_row + 1`, … of `out`. NULL fields set the validity bit. Strings may
  /// stay where the fields' bytes are, or with the decoder: both must live, and the decoder rest, until `out` has been
  /// used.
  /// @error BadValue for the first value that cannot be decoded; `out` holds garbage then
  virtual void decode(std::span<const Field> fields, ColumnView& out, std::size_t first_row) = 0;

  /// Adds what this node, if its mapping is adaptive, and its children have seen so far.
  virtual void collect(types::ColumnProfile& /*profile*/) const {}
};

/// Those of the children of a nested type, in the order of its mapping's.
using ColumnDecoders = std::vector<std::unique_ptr<ColumnDecoder>>;

}  // namespace pg2duck::decode
