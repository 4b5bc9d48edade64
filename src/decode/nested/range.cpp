#include "decode/nested/range.hpp"

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

// The first byte. @source src/include/utils/rangetypes.h
constexpr unsigned kEmpty = 0x01;
constexpr unsigned kLowerIncluded = 0x02;
constexpr unsigned kUpperIncluded = 0x04;
constexpr unsigned kLowerInfinite = 0x08;
constexpr unsigned kUpperInfinite = 0x10;
constexpr unsigned kAllFlags = 0x1f;

// The STRUCT's fields.
constexpr std::size_t kLower = 0;
constexpr std::size_t kUpper = 1;
constexpr std::size_t kFirstFlag = 2;

Field read_part(ByteCursor& cursor, const char* what, std::size_t row) {
  const Field part = read_field(cursor);
  if (part.is_null()) {
    throw_corrupt(row, std::string(what) + " of length " + std::to_string(part.length));
  }
  return part;
}

/// @source src/backend/utils/adt/rangetypes.c, range_send
class RangeDecoder final : public ColumnDecoder {
 public:
  explicit RangeDecoder(std::unique_ptr<ColumnDecoder> bound) : bound_(std::move(bound)) {}

  void decode(std::span<const Field> fields, ColumnView& out, std::size_t first_row) override {
    lower_.assign(fields.size(), {});
    upper_.assign(fields.size(), {});
    flags_.assign(fields.size(), 0);
    NullMarker nulls(out, first_row);
    for (std::size_t row = 0; row < fields.size(); ++row) {
      if (fields[row].is_null()) {
        nulls.mark(row);
      } else {
        gather(fields[row], row);
      }
    }
    decode_bounds(lower_, out.child(kLower), first_row, "lower bound: ");
    decode_bounds(upper_, out.child(kUpper), first_row, "upper bound: ");
    std::size_t child = kFirstFlag;
    for (const unsigned flag : {kLowerIncluded, kUpperIncluded, kEmpty}) {
      write_flag(fields, flag, out.child(child++), first_row);
    }
  }

  void collect(types::ColumnProfile& profile) const override { bound_->collect(profile); }

 private:
  void gather(const Field& field, std::size_t row) {
    try {
      ByteCursor cursor(field.bytes());
      const unsigned flags = cursor.read<std::uint8_t>();
      if (flags > kAllFlags) {
        throw_corrupt(row, "range with flags " + std::to_string(flags));
      }
      flags_[row] = flags;
      if ((flags & (kEmpty | kLowerInfinite)) == 0) {
        lower_[row] = read_part(cursor, "lower bound", row);
      }
      if ((flags & (kEmpty | kUpperInfinite)) == 0) {
        upper_[row] = read_part(cursor, "upper bound", row);
      }
      if (!cursor.at_end()) {
        throw_corrupt(row, std::to_string(cursor.remaining()) + " bytes after the bounds of a range");
      }
    } catch (const Error& error) {
      throw_corrupt(row, "range: " + error.message());
    }
  }

  void decode_bounds(std::span<const Field> bounds, ColumnView& out, std::size_t first_row, const char* which) {
    try {
      bound_->decode(bounds, out, first_row);
    } catch (BadValue& bad) {
      bad.message.insert(0, which);
      throw;
    }
  }

  void write_flag(std::span<const Field> fields, unsigned flag, ColumnView& out, std::size_t first_row) const {
    auto* values = out.values<std::uint8_t>() + first_row;
    NullMarker nulls(out, first_row);
    for (std::size_t row = 0; row < fields.size(); ++row) {
      values[row] = (flags_[row] & flag) != 0 ? 1 : 0;
      if (fields[row].is_null()) {
        nulls.mark(row);
      }
    }
  }

  std::unique_ptr<ColumnDecoder> bound_;
  // Of the batch; kept between batches, so that their memory is.
  std::vector<Field> lower_;
  std::vector<Field> upper_;
  std::vector<unsigned> flags_;
};

/// @source src/backend/utils/adt/multirangetypes.c, multirange_send
class MultirangeDecoder final : public ListDecoder {
 public:
  using ListDecoder::ListDecoder;

 private:
  void gather(const Field& field, std::size_t row, ElementList& elements) override {
    try {
      ByteCursor cursor(field.bytes());
      const auto count = cursor.read<std::int32_t>();
      if (count < 0) {
        throw_corrupt(row, "multirange of " + std::to_string(count) + " ranges");
      }
      for (std::int32_t i = 0; i < count; ++i) {
        elements.add(read_part(cursor, "range", row));
      }
      if (!cursor.at_end()) {
        throw_corrupt(row, std::to_string(cursor.remaining()) + " bytes after the last range of a multirange");
      }
    } catch (const Error& error) {
      throw_corrupt(row, "multirange: " + error.message());
    }
  }
};

}  // namespace

std::unique_ptr<ColumnDecoder> make_range_decoder(const types::Mapping& mapping, ColumnDecoders children) {
  if (mapping.wire != types::Wire::kRange || children.size() != 1) {
    throw Error(ErrorKind::kBug, "not the mapping of a range");
  }
  return std::make_unique<RangeDecoder>(std::move(children.front()));
}

std::unique_ptr<ColumnDecoder> make_multirange_decoder(const types::Mapping& mapping, ColumnDecoders children) {
  if (mapping.wire != types::Wire::kMultirange || children.size() != 1) {
    throw Error(ErrorKind::kBug, "not the mapping of a multirange");
  }
  return std::make_unique<MultirangeDecoder>(std::move(children.front()));
}

}  // namespace pg2duck::decode
