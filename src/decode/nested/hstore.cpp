#include "decode/nested/hstore.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/byte_cursor.hpp"
#include "base/error.hpp"
#include "decode/bad_value.hpp"
#include "decode/nested/element_list.hpp"
#include "decode/null_marker.hpp"
#include "decode/values/text.hpp"

namespace pg2duck::decode {
namespace {

/// The two lengths of a pair.
constexpr std::size_t kLeastPairSize = 2 * sizeof(std::int32_t);

/// @source contrib/hstore/hstore_io.c, hstore_send
class HstoreDecoder final : public ColumnDecoder {
 public:
  HstoreDecoder() : keys_(make_text_decoder(types::Wire::kText)), values_(make_text_decoder(types::Wire::kText)) {}

  void decode(std::span<const Field> fields, ColumnView& out, std::size_t first_row) override {
    auto* entries = out.values<ListEntry>() + first_row;
    NullMarker nulls(out, first_row);
    const std::size_t first_child = out.child_size();
    keys_.clear();
    values_.clear();
    for (std::size_t row = 0; row < fields.size(); ++row) {
      keys_.start_row();
      values_.start_row();
      if (fields[row].is_null()) {
        nulls.mark(row);
      } else {
        gather(fields[row], row);
      }
      entries[row] = keys_.entry(row, first_child);
    }
    out.resize_child(first_child + keys_.size());
    ColumnView& pairs = out.child(0);
    keys_.decode(pairs.child(0), first_child);
    values_.decode(pairs.child(1), first_child);
  }

 private:
  /// Adds the pairs of the hstore in `field` to `keys_` and `values_`.
  void gather(const Field& field, std::size_t row) {
    try {
      ByteCursor cursor(field.bytes());
      const auto count = cursor.read<std::int32_t>();
      if (count < 0 || static_cast<std::size_t>(count) > cursor.remaining() / kLeastPairSize) {
        throw_corrupt(
            row, "hstore of " + std::to_string(count) + " pairs in " + std::to_string(cursor.remaining()) + " bytes");
      }
      Field previous;
      for (std::int32_t i = 0; i < count; ++i) {
        previous = gather_pair(cursor, previous, row);
      }
      if (!cursor.at_end()) {
        throw_corrupt(row, std::to_string(cursor.remaining()) + " bytes after the last pair of an hstore");
      }
    } catch (const Error& error) {
      throw_corrupt(row, "hstore: " + error.message());
    }
  }

  /// @return the key
  Field gather_pair(ByteCursor& cursor, const Field& previous, std::size_t row) {
    const Field key = read_text(cursor, row);
    if (key.is_null()) {
      throw_corrupt(row, "hstore with a key that is NULL");
    }
    // DuckDB relies on a MAP's keys being different. Postgres keeps them sorted, so equal ones are neighbours.
    if (!previous.is_null() && std::ranges::equal(key.bytes(), previous.bytes())) {
      throw_corrupt(row, "hstore with the same key twice");
    }
    keys_.add(key);
    values_.add(read_text(cursor, row));
    return key;
  }

  static Field read_text(ByteCursor& cursor, std::size_t row) {
    const Field text = read_field(cursor);
    if (text.length < -1) {
      throw_corrupt(row, "hstore with a text of length " + std::to_string(text.length));
    }
    return text;
  }

  ElementList keys_;
  ElementList values_;
};

}  // namespace

std::unique_ptr<ColumnDecoder> make_hstore_decoder() {
  return std::make_unique<HstoreDecoder>();
}

}  // namespace pg2duck::decode
