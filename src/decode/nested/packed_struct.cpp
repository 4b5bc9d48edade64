#include "decode/nested/packed_struct.hpp"

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

/// Bytes of every value of `mapping`; 0 when they differ.
std::size_t fixed_size(const types::Mapping& mapping) {
  switch (mapping.wire) {
    case types::Wire::kBool:
      return 1;
    case types::Wire::kFloat8:
      return sizeof(double);
    case types::Wire::kPackedStruct: {
      std::size_t size = 0;
      for (const types::Mapping& child : mapping.children) {
        const std::size_t part = fixed_size(child);
        if (part == 0) {
          return 0;
        }
        size += part;
      }
      return size;
    }
    default:
      return 0;
  }
}

class PackedStructDecoder final : public ColumnDecoder {
 public:
  PackedStructDecoder(const types::Mapping& mapping, ColumnDecoders children) {
    for (std::size_t i = 0; i < children.size(); ++i) {
      members_.push_back({.size = fixed_size(mapping.children[i]), .decoder = std::move(children[i]), .fields = {}});
      least_size_ += members_.back().size;
    }
    has_rest_ = members_.back().size == 0;
  }

  void decode(std::span<const Field> fields, ColumnView& out, std::size_t first_row) override {
    for (Member& member : members_) {
      member.fields.assign(fields.size(), {});
    }
    NullMarker nulls(out, first_row);
    for (std::size_t row = 0; row < fields.size(); ++row) {
      if (fields[row].is_null()) {
        nulls.mark(row);
      } else {
        cut(fields[row], row);
      }
    }
    for (std::size_t i = 0; i < members_.size(); ++i) {
      members_[i].decoder->decode(members_[i].fields, out.child(i), first_row);
    }
  }

 private:
  struct Member {
    std::size_t size;  // 0: the rest
    std::unique_ptr<ColumnDecoder> decoder;
    std::vector<Field> fields;  // of the batch; kept between batches, so that its memory is
  };

  void cut(const Field& field, std::size_t row) {
    const auto length = static_cast<std::size_t>(field.length);
    if (has_rest_ ? length < least_size_ : length != least_size_) {
      throw_wrong_size(row, "geometric value", field.length);
    }
    std::size_t at = 0;
    for (Member& member : members_) {
      const std::size_t size = member.size == 0 ? length - at : member.size;
      member.fields[row] = {field.data + at, static_cast<std::int32_t>(size)};
      at += size;
    }
  }

  std::vector<Member> members_;
  std::size_t least_size_ = 0;
  bool has_rest_ = false;
};

class CountedListDecoder final : public ListDecoder {
 public:
  CountedListDecoder(std::unique_ptr<ColumnDecoder> element, std::size_t size)
      : ListDecoder(std::move(element)), size_(size) {}

 private:
  void gather(const Field& field, std::size_t row, ElementList& elements) override {
    const auto length = static_cast<std::size_t>(field.length);
    if (length < sizeof(std::int32_t)) {
      throw_wrong_size(row, "list of points", field.length);
    }
    const auto count = load_big_endian<std::int32_t>(field.data);
    const std::size_t rest = length - sizeof(count);
    if (count < 0 || rest % size_ != 0 || rest / size_ != static_cast<std::size_t>(count)) {
      throw_corrupt(row, "list of " + std::to_string(count) + " points in " + std::to_string(field.length) + " bytes");
    }
    for (std::size_t at = sizeof(count); at < length; at += size_) {
      elements.add({field.data + at, static_cast<std::int32_t>(size_)});
    }
  }

  std::size_t size_;
};

}  // namespace

std::unique_ptr<ColumnDecoder> make_packed_struct_decoder(const types::Mapping& mapping, ColumnDecoders children) {
  if (mapping.wire != types::Wire::kPackedStruct || children.empty() || mapping.children.size() != children.size()) {
    throw Error(ErrorKind::kBug, "not the mapping of a packed struct");
  }
  for (std::size_t i = 0; i + 1 < mapping.children.size(); ++i) {
    if (fixed_size(mapping.children[i]) == 0) {
      throw Error(ErrorKind::kBug, "a packed struct with a part of unknown size before the last");
    }
  }
  return std::make_unique<PackedStructDecoder>(mapping, std::move(children));
}

std::unique_ptr<ColumnDecoder> make_counted_list_decoder(const types::Mapping& mapping, ColumnDecoders children) {
  if (mapping.wire != types::Wire::kCountedList || mapping.children.size() != 1 || children.size() != 1 ||
      fixed_size(mapping.children.front()) == 0) {
    throw Error(ErrorKind::kBug, "not the mapping of a counted list");
  }
  return std::make_unique<CountedListDecoder>(std::move(children.front()), fixed_size(mapping.children.front()));
}

}  // namespace pg2duck::decode
