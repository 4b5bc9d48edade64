#include "decode/heap/stored_decoder.hpp"

#include <cstddef>
#include <deque>
#include <span>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "decode/heap/stored_value.hpp"
#include "decode/values/numeric.hpp"
#include "decode/values/scalars.hpp"
#include "decode/values/temporal.hpp"
#include "decode/values/value_loop.hpp"

namespace pg2duck::decode {
namespace {

class ConvertingDecoder final : public ColumnDecoder {
 public:
  ConvertingDecoder(std::unique_ptr<ColumnDecoder> decoder, types::StoredType type)
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
        append_as_sent(type_, fields[row].bytes(), bytes);
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
  types::StoredType type_;
  std::vector<std::byte> bytes_;  // kept between batches, so that its memory is
  std::deque<std::vector<std::byte>> more_;
  std::vector<Field> fields_;
};

}  // namespace

std::unique_ptr<ColumnDecoder> make_stored_decoder(const types::Mapping& mapping, const types::StoredType& type) {
  using types::StoredForm;
  using types::Wire;
  if (type.form == StoredForm::kSame) {
    return make_decoder(mapping);
  }
  if (type.form == StoredForm::kNumeric && mapping.wire == Wire::kNumeric && mapping.fit == types::Fit::kStrict) {
    return make_stored_numeric_decoder(mapping);
  }
  if (type.form == StoredForm::kReversed) {
    switch (mapping.wire) {
      case Wire::kDate:
      case Wire::kTime:
      case Wire::kTimestamp:
        return make_temporal_decoder(mapping.wire, ByteOrder::kNative);
      default:
        return make_scalar_decoder(mapping.wire, ByteOrder::kNative);
    }
  }
  return std::make_unique<ConvertingDecoder>(make_decoder(mapping), type);
}

}  // namespace pg2duck::decode
