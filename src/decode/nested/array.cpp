#include "decode/nested/array.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/byte_cursor.hpp"
#include "base/error.hpp"
#include "decode/bad_value.hpp"
#include "decode/nested/element_list.hpp"
#include "decode/null_marker.hpp"

namespace pg2duck::decode {
namespace {

constexpr std::int32_t kMaxDimensions = 6;
constexpr std::size_t kLengthSize = sizeof(std::int32_t);

/// The sizes of one array, outermost first.
struct Shape {
  std::array<std::size_t, kMaxDimensions> sizes{};
  int dimensions = 0;

  /// Elements in all; 0 for an empty array.
  [[nodiscard]] std::size_t count() const {
    std::size_t count = dimensions == 0 ? 0 : 1;
    for (int i = 0; i < dimensions; ++i) {
      count *= sizes.at(static_cast<std::size_t>(i));
    }
    return count;
  }
};

/// @source src/backend/utils/adt/arrayfuncs.c, array_send
class ArrayDecoder final : public ColumnDecoder {
 public:
  ArrayDecoder(const types::Mapping& mapping, std::unique_ptr<ColumnDecoder> element)
      : element_(mapping.children.front().type),
        dimensions_(mapping.dimensions),
        lower_bound_(mapping.lower_bound),
        adaptive_(mapping.fit != types::Fit::kStrict),
        slot_(mapping.slot),
        inner_(static_cast<std::size_t>(mapping.dimensions - 1)),
        elements_(std::move(element)) {}

  void decode(std::span<const Field> fields, ColumnView& out, std::size_t first_row) override {
    outer_.clear();
    elements_.clear();
    strays_.clear();
    stray_rows_.clear();
    for (std::vector<std::size_t>& lengths : inner_) {
      lengths.clear();
    }
    NullMarker nulls(out, first_row);
    for (std::size_t row = 0; row < fields.size(); ++row) {
      elements_.start_row();
      if (fields[row].is_null()) {
        nulls.mark(row);
        outer_.push_back(0);
      } else {
        gather(fields[row], row);
      }
    }
    ColumnView* view = &out;
    std::size_t at = write_entries(*view, first_row, outer_);
    for (const std::vector<std::size_t>& lengths : inner_) {
      view = &view->child(0);
      at = write_entries(*view, at, lengths);
    }
    elements_.decode(view->child(0), at);
    measure_strays(view->child(0), *view, at + elements_.size());
  }

  void collect(types::ColumnProfile& profile) const override {
    if (adaptive_) {
      types::add(profile, slot_, seen_);
    }
    elements_.decoder().collect(profile);
  }

 private:
  /// Adds the elements of the array in `field`, and the lengths of its LISTs.
  void gather(const Field& field, std::size_t row) {
    try {
      ByteCursor cursor(field.bytes());
      Shape shape = read_header(cursor, row);
      const bool is_stray = !fits(shape, row);
      add_lengths(is_stray ? Shape{} : shape);
      const std::size_t count = shape.count();
      for (std::size_t i = 0; i < count; ++i) {
        const Field element = read_element(cursor, row);
        if (is_stray) {
          strays_.push_back(element);
          stray_rows_.push_back(row);
        } else {
          elements_.add(element);
        }
      }
      if (!cursor.at_end()) {
        throw_corrupt(row, std::to_string(cursor.remaining()) + " bytes after the last element of an array");
      }
    } catch (const Error& error) {
      throw_corrupt(row, "array: " + error.message());
    }
  }

  /// @return sizes whose product has been held against the bytes that are left
  [[nodiscard]] Shape read_header(ByteCursor& cursor, std::size_t row) const {
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
    Shape shape{.sizes = {}, .dimensions = dimensions};
    bool shifted = false;
    std::int32_t lower_bound = lower_bound_;
    for (int i = 0; i < dimensions; ++i) {
      const auto size = cursor.read<std::int32_t>();
      const auto bound = cursor.read<std::int32_t>();
      // Postgres sends an empty array with no dimensions at all.
      if (size < (dimensions == 1 ? 0 : 1)) {
        throw_corrupt(row, "array with a dimension of " + std::to_string(size) + " elements");
      }
      shape.sizes.at(static_cast<std::size_t>(i)) = static_cast<std::size_t>(size);
      lower_bound = bound != lower_bound_ && !shifted ? bound : lower_bound;
      shifted = shifted || bound != lower_bound_;
    }
    check_room(shape, cursor.remaining(), row);
    if (shifted) {
      throw_unrepresentable(row,
                            "array that begins at index " + std::to_string(lower_bound) + ", a list begins at index 1");
    }
    return shape;
  }

  /// Every element has a length word, so that no sizes can ask for more memory than their own bytes stand for.
  static void check_room(const Shape& shape, std::size_t remaining, std::size_t row) {
    std::size_t count = 1;
    for (int i = 0; i < shape.dimensions; ++i) {
      const std::size_t size = shape.sizes.at(static_cast<std::size_t>(i));
      count = count == 0 ? 0 : count * size;
      if (count > remaining / kLengthSize) {
        throw_corrupt(row,
                      "array of " + std::to_string(count) + " elements in " + std::to_string(remaining) + " bytes");
      }
    }
  }

  /// Whether the array can be written. An empty one always can.
  bool fits(const Shape& shape, std::size_t row) {
    if (shape.count() == 0) {
      return true;
    }
    if (adaptive_) {
      types::ValueProfile value;
      value.has_values = true;
      value.least_dimensions = value.most_dimensions = shape.dimensions;
      value.has_misfit = shape.dimensions != dimensions_;
      seen_.merge(value);
    }
    if (shape.dimensions == dimensions_) {
      return true;
    }
    if (!adaptive_) {
      throw_unrepresentable(row, "array of " + std::to_string(shape.dimensions) + " dimensions in a column of " +
                                     std::to_string(dimensions_) + "-dimensional lists");
    }
    return false;
  }

  /// Elements of misfits stand in no LIST; their decoder still learns from them what type would hold them.
  void measure_strays(ColumnView& elements, ColumnView& lists, std::size_t first_row) {
    if (strays_.empty()) {
      return;
    }
    lists.resize_child(first_row + strays_.size());
    try {
      elements_.decoder().decode(strays_, elements, first_row);
    } catch (BadValue& bad) {
      // What is sound meets its judge when the table is loaded again.
      if (!bad.unrepresentable) {
        bad.row = stray_rows_[bad.row];
        throw;
      }
    }
    lists.resize_child(first_row);
  }

  void add_lengths(const Shape& shape) {
    if (shape.count() == 0) {
      outer_.push_back(0);
      return;
    }
    outer_.push_back(shape.sizes[0]);
    std::size_t lists = shape.sizes[0];
    for (std::size_t level = 0; level < inner_.size(); ++level) {
      const std::size_t length = shape.sizes.at(level + 1);
      inner_[level].insert(inner_[level].end(), lists, length);
      lists *= length;
    }
  }

  static Field read_element(ByteCursor& cursor, std::size_t row) {
    const Field element = read_field(cursor);
    if (element.length < -1) {
      throw_corrupt(row, "array element has length " + std::to_string(element.length));
    }
    return element;
  }

  /// Writes LISTs of these lengths one after the other, and makes room for what is in them.
  /// @return the first new row of the child
  static std::size_t write_entries(ColumnView& view, std::size_t first_row, const std::vector<std::size_t>& lengths) {
    const std::size_t first_child = view.child_size();
    auto* entries = view.values<ListEntry>() + first_row;
    std::size_t end = first_child;
    for (std::size_t i = 0; i < lengths.size(); ++i) {
      entries[i] = {.offset = end, .length = lengths[i]};
      end += lengths[i];
    }
    view.resize_child(end);
    return first_child;
  }

  types::Oid element_;
  int dimensions_;
  std::int32_t lower_bound_;
  bool adaptive_;
  std::size_t slot_;
  types::ValueProfile seen_;
  // Of the batch, level by level: how long each LIST is. Kept between batches, so that their memory is.
  std::vector<std::size_t> outer_;
  std::vector<std::vector<std::size_t>> inner_;
  ElementList elements_;
  std::vector<Field> strays_;
  std::vector<std::size_t> stray_rows_;
};

}  // namespace

std::unique_ptr<ColumnDecoder> make_array_decoder(const types::Mapping& mapping, ColumnDecoders children) {
  if (mapping.wire != types::Wire::kArray || mapping.children.size() != 1 || children.size() != 1 ||
      mapping.dimensions < 1 || mapping.dimensions > kMaxDimensions) {
    throw Error(ErrorKind::kBug, "not the mapping of an array");
  }
  return std::make_unique<ArrayDecoder>(mapping, std::move(children.front()));
}

}  // namespace pg2duck::decode
