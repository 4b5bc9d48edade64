#include "decode/values/enumeration.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.hpp"
#include "decode/bad_value.hpp"
#include "decode/null_marker.hpp"

namespace pg2duck::decode {
namespace {

template <typename Index>
class EnumDecoder final : public ColumnDecoder {
 public:
  explicit EnumDecoder(const std::vector<std::string>& labels) : labels_(labels) {
    for (const std::string& label : labels_) {
      indexes_.emplace(label, static_cast<Index>(indexes_.size()));
    }
  }

  void decode(std::span<const Field> fields, ColumnView& out, std::size_t first_row) override {
    Index* values = out.values<Index>() + first_row;
    NullMarker nulls(out, first_row);
    for (std::size_t row = 0; row < fields.size(); ++row) {
      const Field field = fields[row];
      if (field.is_null()) {
        values[row] = 0;
        nulls.mark(row);
        continue;
      }
      const std::string_view label(reinterpret_cast<const char*>(field.data), static_cast<std::size_t>(field.length));
      const auto found = indexes_.find(label);
      if (found == indexes_.end()) {
        throw_unrepresentable(row, "label \"" + std::string(label) + "\" is not one of the enum's");
      }
      values[row] = found->second;
    }
  }

 private:
  std::vector<std::string> labels_;
  std::unordered_map<std::string_view, Index> indexes_;  // keys are in labels_
};

}  // namespace

std::unique_ptr<ColumnDecoder> make_enum_decoder(const types::DuckType& target) {
  if (target.id != types::DuckTypeId::kEnum || target.names.empty()) {
    throw Error(ErrorKind::kBug, "not an ENUM: " + target.sql());
  }
  if (target.names.size() <= std::numeric_limits<std::uint8_t>::max()) {
    return std::make_unique<EnumDecoder<std::uint8_t>>(target.names);
  }
  if (target.names.size() <= std::numeric_limits<std::uint16_t>::max()) {
    return std::make_unique<EnumDecoder<std::uint16_t>>(target.names);
  }
  return std::make_unique<EnumDecoder<std::uint32_t>>(target.names);
}

}  // namespace pg2duck::decode
