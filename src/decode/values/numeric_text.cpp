#include "decode/values/numeric_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "decode/bad_value.hpp"
#include "decode/values/numeric_observer.hpp"
#include "decode/values/numeric_wire.hpp"
#include "decode/values/string_decoder.hpp"

namespace pg2duck::decode {
namespace {

using namespace numeric_wire;

/// Appends the four digits of group `index`; groups that were not sent are zeros.
void append_group(std::string& text, const WireNumeric& number, int index, std::size_t row) {
  const bool is_sent = index >= 0 && index < number.count;
  std::uint32_t group = is_sent ? load_group(number.groups + kGroupSize * static_cast<std::size_t>(index), row) : 0;
  std::array<char, kGroupDigits> digits{};
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    *digit = static_cast<char>('0' + group % 10);
    group /= 10;
  }
  text.append(digits.data(), digits.size());
}

/// @source src/backend/utils/adt/numeric.c, get_str_from_var
void print(std::string& text, const WireNumeric& number, std::size_t row) {
  text.clear();
  if (number.is_special()) {
    text = special_name(number);
    return;
  }
  if (number.display_scale > kMaxDisplayScale) {
    throw_corrupt(row, "numeric with " + std::to_string(number.display_scale) + " digits after the point");
  }
  // Postgres prints all digits that it has; more than that would be lost in silence.
  if (const int scale = number.scale(number.display_scale, row); scale > number.display_scale) {
    throw_corrupt(row, "numeric with " + std::to_string(scale) + " digits after the point, of which " +
                           std::to_string(number.display_scale) + " are printed");
  }
  if (number.sign == kMinus) {
    text += '-';
  }
  const std::size_t first_digit = text.size();
  for (int index = 0; index <= number.weight; ++index) {
    append_group(text, number, index, row);
  }
  text.erase(first_digit, std::min(text.find_first_not_of('0', first_digit), text.size()) - first_digit);
  if (text.size() == first_digit) {
    text += '0';
  }
  if (number.display_scale > 0) {
    text += '.';
    const std::size_t end = text.size() + static_cast<std::size_t>(number.display_scale);
    for (int index = number.weight + 1; text.size() < end; ++index) {
      append_group(text, number, index, row);
    }
    text.resize(end);
  }
}

class NumericText {
 public:
  explicit NumericText(const types::Mapping& mapping)
      : adaptive_(mapping.fit != types::Fit::kStrict), slot_(mapping.slot) {}

  std::string_view render(const Field& field, std::size_t row) {
    const WireNumeric number = WireNumeric::read(field, row);
    if (adaptive_) {
      observer_.observe(number, row);
    }
    print(text_, number, row);
    return text_;
  }

  void collect(types::ColumnProfile& profile) const {
    if (adaptive_) {
      types::add(profile, slot_, observer_.seen());
    }
  }

 private:
  bool adaptive_;
  std::size_t slot_;
  NumericObserver observer_;
  std::string text_;  // kept between values, so that its memory is
};

}  // namespace

std::unique_ptr<ColumnDecoder> make_numeric_text_decoder(const types::Mapping& mapping) {
  return make_string_decoder(NumericText(mapping));
}

}  // namespace pg2duck::decode
