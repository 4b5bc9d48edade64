#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "decode/column_view.hpp"
#include "decode/row_batch.hpp"
#include "types/mapping.hpp"

namespace pg2duck::decode {

/// A value that cannot be decoded, by the position of its field in the batch. Thrown by decoders,
/// turned into an Error with table, column and ctid by whoever knows them.
struct BadValue {
  std::size_t row;       ///< index in the span that was given to `decode`
  bool unrepresentable;  ///< the value is sound but the target type cannot hold it; else the bytes are corrupt
  std::string message;   ///< "NaN cannot be held by DECIMAL(15,2)"
};

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

/// The decoder for `mapping`, with its children.
std::unique_ptr<ColumnDecoder> make_decoder(const types::Mapping& mapping);

}  // namespace pg2duck::decode
