#include "decode/heap/heap_decoder.hpp"

#include <cstddef>
#include <deque>
#include <span>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "decode/bad_value.hpp"
#include "decode/heap/tuple_layout.hpp"
#include "decode/heap/wire_conversion.hpp"
#include "decode/values/numeric.hpp"
#include "decode/values/scalars.hpp"
#include "decode/values/temporal.hpp"
#include "decode/wire/wire_decoder.hpp"

namespace pg2duck::decode {
namespace {

static_assert(kReadableFront >= kNumericFront);

/// Converts to wire format, and has that decoded.
class ConvertingDecoder final : public ColumnDecoder {
 public:
  ConvertingDecoder(std::unique_ptr<ColumnDecoder> decoder, types::HeapType type)
      : decoder_(std::move(decoder)), type_(std::move(type)) {}

  void decode(std::span<const Field> fields, ColumnView& out, std::size_t first_row) override {
    if (first_row == 0) {
      more_.clear();
      bytes_.clear();
    }
    // Strings of earlier rows of the same column may point to the bytes that were made for them.
    std::vector<std::byte>& bytes = first_row == 0 ? bytes_ : more_.emplace_back();
    fields_.assign(fields.size(), {});
    for (std::size_t row = 0; row < fields.size(); ++row) {
      if (fields[row].is_null()) {
        continue;
      }
      const std::size_t start = bytes.size();
      try {
        append_as_wire(type_, fields[row].bytes(), bytes);
      } catch (const Error& error) {
        throw_corrupt(row, error.message());
      }
      fields_[row].length = static_cast<std::int32_t>(bytes.size() - start);
    }
    // The bytes do not move any more.
    const std::byte* next = bytes.data();
    for (Field& field : fields_) {
      field.data = next;
      next += field.is_null() ? 0 : field.length;
    }
    decoder_->decode(fields_, out, first_row);
  }

  void collect(types::ColumnProfile& profile) const override { decoder_->collect(profile); }

 private:
  std::unique_ptr<ColumnDecoder> decoder_;
  types::HeapType type_;
  std::vector<std::byte> bytes_;  // kept between batches, so that its memory is
  std::deque<std::vector<std::byte>> more_;
  std::vector<Field> fields_;
};

}  // namespace

std::unique_ptr<ColumnDecoder> make_heap_decoder(const types::Mapping& mapping, const types::HeapType& type) {
  using types::HeapFormat;
  using types::Wire;
  if (type.format == HeapFormat::kSame) {
    return make_wire_decoder(mapping);
  }
  if (type.format == HeapFormat::kNumeric && mapping.wire == Wire::kNumeric && mapping.fit == types::Fit::kStrict) {
    return make_heap_numeric_decoder(mapping);
  }
  if (type.format == HeapFormat::kReversed) {
    switch (mapping.wire) {
      case Wire::kDate:
      case Wire::kTime:
      case Wire::kTimestamp:
        return make_temporal_decoder(mapping.wire, ByteOrder::kNative);
      default:
        return make_scalar_decoder(mapping.wire, ByteOrder::kNative);
    }
  }
  return std::make_unique<ConvertingDecoder>(make_wire_decoder(mapping), type);
}

}  // namespace pg2duck::decode
