#include "decode/nested.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/byte_cursor.hpp"
#include "base/error.hpp"
#include "decode/value_loop.hpp"

namespace pg2duck::decode {
namespace {

constexpr std::int32_t kMaxDimensions = 6;
constexpr std::size_t kLengthSize = sizeof(std::int32_t);

/// @source src/backend/utils/adt/arrayfuncs.c, array_send
class ArrayDecoder final : public ColumnDecoder {
 public:
  ArrayDecoder(types::Oid element, std::unique_ptr<ColumnDecoder> child)
      : element_(element), child_(std::move(child)) {}

  void decode(std::span<const Field> fields, ColumnView& out, std::size_t first_row) override {
    auto* entries = out.values<ListEntry>() + first_row;
    NullMarker nulls(out, first_row);
    const std::size_t first_child = out.child_size();
    elements_.clear();
    for (std::size_t row = 0; row < fields.size(); ++row) {
      const std::size_t before = elements_.size();
      if (fields[row].is_null()) {
        nulls.mark(row);
      } else {
        gather(fields[row], row);
      }
      entries[row] = {.offset = first_child + before, .length = elements_.size() - before};
    }
    out.resize_child(first_child + elements_.size());
    decode_elements({entries, fields.size()}, out.child(0), first_child);
  }

 private:
  /// Adds the elements of the array in `field` to `elements_`.
  void gather(const Field& field, std::size_t row) {
    try {
      ByteCursor cursor(field.bytes());
      const std::int32_t count = read_header(cursor, row);
      for (std::int32_t i = 0; i < count; ++i) {
        elements_.push_back(read_element(cursor, row));
      }
      if (!cursor.at_end()) {
        throw_corrupt(row, std::to_string(cursor.remaining()) + " bytes after the last element of an array");
      }
    } catch (const Error& error) {
      throw_corrupt(row, "array: " + error.message());
    }
  }

  /// @return the number of elements, which has been held against the bytes that are left
  std::int32_t read_header(ByteCursor& cursor, std::size_t row) const {
    const auto dimensions = cursor.read<std::int32_t>();
    const auto flags = cursor.read<std::uint32_t>();
    const auto element = cursor.read<types::Oid>();
    if (dimensions < 0 || dimensions > kMaxDimensions) {
      throw_corrupt(row, "array of " + std::to_string(dimensions) + " dimensions");
    }
    if (flags > 1) {
      throw_corrupt(row, "array with flags " + std::to_string(flags));
    }
    if (element != element_) {
      throw_corrupt(row,
                    "array of elements with OID " + std::to_string(element) + ", expected " + std::to_string(element_));
    }
    if (dimensions > 1) {
      throw_unrepresentable(
          row, "array of " + std::to_string(dimensions) + " dimensions in a column mapped to a one-dimensional list");
    }
    return dimensions == 0 ? 0 : read_dimension(cursor, row);
  }

  static std::int32_t read_dimension(ByteCursor& cursor, std::size_t row) {
    const auto count = cursor.read<std::int32_t>();
    const auto lower_bound = cursor.read<std::int32_t>();
    if (count < 0 || static_cast<std::size_t>(count) > cursor.remaining() / kLengthSize) {
      throw_corrupt(
          row, "array of " + std::to_string(count) + " elements in " + std::to_string(cursor.remaining()) + " bytes");
    }
    if (lower_bound != 1) {
      throw_unrepresentable(row,
                            "array that begins at index " + std::to_string(lower_bound) + ", a list begins at index 1");
    }
    return count;
  }

  static Field read_element(ByteCursor& cursor, std::size_t row) {
    const auto length = cursor.read<std::int32_t>();
    if (length == -1) {
      return {};
    }
    if (length < 0) {
      throw_corrupt(row, "array element has length " + std::to_string(length));
    }
    return {cursor.take(static_cast<std::size_t>(length)).data(), length};
  }

  void decode_elements(std::span<const ListEntry> entries, ColumnView& out, std::size_t first_child) {
    try {
      child_->decode(elements_, out, first_child);
    } catch (BadValue& bad) {
      const std::size_t child_row = first_child + bad.row;
      std::size_t row = 0;
      while (child_row >= entries[row].offset + entries[row].length) {
        ++row;
      }
      bad.message = "element " + std::to_string(child_row - entries[row].offset + 1) + ": " + bad.message;
      bad.row = row;
      throw;
    }
  }

  types::Oid element_;
  std::unique_ptr<ColumnDecoder> child_;
  // Kept between batches, so that its memory is.
  std::vector<Field> elements_;
};

}  // namespace

std::unique_ptr<ColumnDecoder> make_array_decoder(const types::Mapping& mapping) {
  if (mapping.wire != types::Wire::kArray || mapping.children.size() != 1) {
    throw Error(ErrorKind::kBug, "not the mapping of an array");
  }
  return std::make_unique<ArrayDecoder>(mapping.element, make_decoder(mapping.children.front()));
}

}  // namespace pg2duck::decode
