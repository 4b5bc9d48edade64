#include "decode/nested/pgvector.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/byte_cursor.hpp"
#include "base/error.hpp"
#include "decode/bad_value.hpp"
#include "decode/null_marker.hpp"

namespace pg2duck::decode {
namespace {

/// A float moved as its bits: a floating-point register could quiet a signalling NaN.
using FloatBits = std::uint32_t;

struct Single {
  static constexpr std::size_t kSize = 4;
  static constexpr const char* kType = "vector";

  static FloatBits read(const std::byte* data) { return load_big_endian<FloatBits>(data); }
};

struct Half {
  static constexpr std::size_t kSize = 2;
  static constexpr const char* kType = "halfvec";

  /// Every half is a float: 5 bits of exponent become 8, 10 bits of fraction 23.
  static FloatBits read(const std::byte* data) {
    const FloatBits half = load_big_endian<std::uint16_t>(data);
    const FloatBits sign = (half & 0x8000) << 16;
    const FloatBits exponent = half >> 10 & 0x1f;
    const FloatBits fraction = half & 0x3ff;
    if (exponent == 0x1f) {
      return sign | 0x7f80'0000 | fraction << 13;
    }
    if (exponent != 0) {
      return sign | (exponent + (127 - 15)) << 23 | fraction << 13;
    }
    return sign | std::bit_cast<FloatBits>(static_cast<float>(fraction) * 0x1p-24F);
  }
};

/// 16 bits of dimensions, 16 bits that are not used, the elements.
/// @source pgvector, src/vector.c, vector_send; src/halfvec.c, halfvec_send
constexpr std::size_t kHeaderSize = 4;

/// How many elements the vector in `field` has; they have been held against its bytes.
template <typename Element>
std::size_t dimensions_of(const Field& field, std::size_t row) {
  if (field.bytes().size() < kHeaderSize) {
    throw_wrong_size(row, Element::kType, field.length);
  }
  const auto dimensions = load_big_endian<std::int16_t>(field.data);
  if (dimensions < 0 || field.bytes().size() != kHeaderSize + static_cast<std::size_t>(dimensions) * Element::kSize) {
    throw_corrupt(row, std::string(Element::kType) + " of " + std::to_string(dimensions) + " dimensions in " +
                           std::to_string(field.length) + " bytes");
  }
  if (const auto unused = load_big_endian<std::uint16_t>(field.data + 2); unused != 0) {
    throw_corrupt(row, std::string(Element::kType) + " with flags " + std::to_string(unused));
  }
  return static_cast<std::size_t>(dimensions);
}

template <typename Element>
void read_elements(const std::byte* from, std::size_t count, FloatBits* to) {
  for (std::size_t i = 0; i < count; ++i) {
    to[i] = Element::read(from + i * Element::kSize);
  }
}

/// Into FLOAT[n]. An ARRAY has no entries: the elements of a row are where its number says.
template <typename Element>
class ArrayVectorDecoder final : public ColumnDecoder {
 public:
  explicit ArrayVectorDecoder(std::size_t size) : size_(size) {}

  void decode(std::span<const Field> fields, ColumnView& out, std::size_t first_row) override {
    ColumnView& child = out.child(0);
    FloatBits* values = child.values<FloatBits>() + first_row * size_;
    NullMarker nulls(out, first_row);
    NullMarker child_nulls(child, first_row * size_);
    for (std::size_t row = 0; row < fields.size(); ++row) {
      if (fields[row].is_null()) {
        nulls.mark(row);
        std::fill_n(values + row * size_, size_, FloatBits{0});
        for (std::size_t i = 0; i < size_; ++i) {
          child_nulls.mark(row * size_ + i);
        }
        continue;
      }
      const std::size_t dimensions = dimensions_of<Element>(fields[row], row);
      if (dimensions != size_) {
        throw_unrepresentable(row, std::string(Element::kType) + " of " + std::to_string(dimensions) +
                                       " dimensions in a column mapped to FLOAT[" + std::to_string(size_) + "]");
      }
      read_elements<Element>(fields[row].data + kHeaderSize, size_, values + row * size_);
    }
  }

 private:
  std::size_t size_;
};

/// Into FLOAT[].
template <typename Element>
class ListVectorDecoder final : public ColumnDecoder {
 public:
  void decode(std::span<const Field> fields, ColumnView& out, std::size_t first_row) override {
    auto* entries = out.values<ListEntry>() + first_row;
    NullMarker nulls(out, first_row);
    std::size_t end = out.child_size();
    for (std::size_t row = 0; row < fields.size(); ++row) {
      entries[row] = {.offset = end, .length = 0};
      if (fields[row].is_null()) {
        nulls.mark(row);
      } else {
        entries[row].length = dimensions_of<Element>(fields[row], row);
        end += entries[row].length;
      }
    }
    out.resize_child(end);
    auto* values = out.child(0).values<FloatBits>();
    for (std::size_t row = 0; row < fields.size(); ++row) {
      if (entries[row].length > 0) {
        read_elements<Element>(fields[row].data + kHeaderSize, entries[row].length, values + entries[row].offset);
      }
    }
  }
};

/// @source pgvector, src/sparsevec.c, sparsevec_send
class SparseVectorDecoder final : public ColumnDecoder {
 public:
  void decode(std::span<const Field> fields, ColumnView& out, std::size_t first_row) override {
    ColumnView& indices = out.child(1);
    ColumnView& values = out.child(2);
    write_shapes(fields, out, first_row);
    const auto* index_entries = indices.values<ListEntry>() + first_row;
    const auto* value_entries = values.values<ListEntry>() + first_row;
    const std::size_t count = total(index_entries, fields.size());
    indices.resize_child(indices.child_size() + count);
    values.resize_child(values.child_size() + count);
    auto* to_indices = indices.child(0).values<std::int32_t>();
    auto* to_values = values.child(0).values<FloatBits>();
    for (std::size_t row = 0; row < fields.size(); ++row) {
      if (const std::size_t size = index_entries[row].length; size > 0) {
        const std::byte* from = fields[row].data + kPrefixSize;
        read_indices(fields[row], size, row, to_indices + index_entries[row].offset);
        read_elements<Single>(from + size * kIndexSize, size, to_values + value_entries[row].offset);
      }
    }
  }

 private:
  /// 32 bits each: dimensions, elements that are not zero, not used.
  static constexpr std::size_t kPrefixSize = 12;
  static constexpr std::size_t kIndexSize = 4;

  static std::size_t total(const ListEntry* entries, std::size_t rows) {
    std::size_t sum = 0;
    for (std::size_t row = 0; row < rows; ++row) {
      sum += entries[row].length;
    }
    return sum;
  }

  /// Everything but the elements: the dimensions, the entries of both lists, the NULLs.
  static void write_shapes(std::span<const Field> fields, ColumnView& out, std::size_t first_row) {
    auto* dimensions = out.child(0).values<std::int32_t>() + first_row;
    auto* indices = out.child(1).values<ListEntry>() + first_row;
    auto* values = out.child(2).values<ListEntry>() + first_row;
    // A field of a STRUCT that is NULL is NULL too.
    NullMarker nulls[] = {
        {out, first_row}, {out.child(0), first_row}, {out.child(1), first_row}, {out.child(2), first_row}};
    std::size_t index_end = out.child(1).child_size();
    std::size_t value_end = out.child(2).child_size();
    for (std::size_t row = 0; row < fields.size(); ++row) {
      std::size_t size = 0;
      dimensions[row] = 0;
      if (fields[row].is_null()) {
        for (NullMarker& marker : nulls) {
          marker.mark(row);
        }
      } else {
        size = size_of(fields[row], row);
        dimensions[row] = load_big_endian<std::int32_t>(fields[row].data);
      }
      indices[row] = {.offset = index_end, .length = size};
      values[row] = {.offset = value_end, .length = size};
      index_end += size;
      value_end += size;
    }
  }

  /// How many elements are not zero; their number has been held against the bytes.
  static std::size_t size_of(const Field& field, std::size_t row) {
    if (field.bytes().size() < kPrefixSize) {
      throw_wrong_size(row, "sparsevec", field.length);
    }
    const auto dimensions = load_big_endian<std::int32_t>(field.data);
    const auto size = load_big_endian<std::int32_t>(field.data + 4);
    if (size < 0 || size > dimensions ||
        field.bytes().size() != kPrefixSize + static_cast<std::size_t>(size) * (kIndexSize + Single::kSize)) {
      throw_corrupt(row, "sparsevec of " + std::to_string(dimensions) + " dimensions and " + std::to_string(size) +
                             " elements in " + std::to_string(field.length) + " bytes");
    }
    if (const auto unused = load_big_endian<std::uint32_t>(field.data + 8); unused != 0) {
      throw_corrupt(row, "sparsevec with flags " + std::to_string(unused));
    }
    return static_cast<std::size_t>(size);
  }

  static void read_indices(const Field& field, std::size_t size, std::size_t row, std::int32_t* to) {
    const auto dimensions = load_big_endian<std::int32_t>(field.data);
    const std::byte* from = field.data + kPrefixSize;
    std::int32_t before = -1;
    for (std::size_t i = 0; i < size; ++i) {
      const auto index = load_big_endian<std::int32_t>(from + i * kIndexSize);
      if (index <= before || index >= dimensions) {
        throw_corrupt(row, "sparsevec of " + std::to_string(dimensions) + " dimensions with index " +
                               std::to_string(index) + " after " + std::to_string(before));
      }
      to[i] = index + 1;
      before = index;
    }
  }
};

template <typename Element>
std::unique_ptr<ColumnDecoder> make_dense(const types::DuckType& target) {
  switch (target.id) {
    case types::DuckTypeId::kArray:
      return std::make_unique<ArrayVectorDecoder<Element>>(target.size);
    case types::DuckTypeId::kList:
      return std::make_unique<ListVectorDecoder<Element>>();
    default:
      throw Error(ErrorKind::kBug, "vector into " + target.sql());
  }
}

}  // namespace

std::unique_ptr<ColumnDecoder> make_pgvector_decoder(const types::Mapping& mapping) {
  using types::Wire;
  switch (mapping.wire) {
    case Wire::kVector:
      return make_dense<Single>(mapping.target);
    case Wire::kHalfVector:
      return make_dense<Half>(mapping.target);
    case Wire::kSparseVector:
      return std::make_unique<SparseVectorDecoder>();
    default:
      throw Error(ErrorKind::kBug, "not the wire layout of a vector");
  }
}

}  // namespace pg2duck::decode
