#include "decode/nested/element_list.hpp"

#include <algorithm>
#include <iterator>

#include "decode/bad_value.hpp"
#include "decode/null_marker.hpp"

namespace pg2duck::decode {

void ElementList::clear() {
  elements_.clear();
  starts_.clear();
}

ListEntry ElementList::entry(std::size_t row, std::size_t first_child) const {
  const std::size_t end = row + 1 < starts_.size() ? starts_[row + 1] : elements_.size();
  return {.offset = first_child + starts_[row], .length = end - starts_[row]};
}

void ElementList::decode(ColumnView& out, std::size_t first_row) {
  try {
    decoder_->decode(elements_, out, first_row);
  } catch (BadValue& bad) {
    const auto after = std::ranges::upper_bound(starts_, bad.row);
    const auto row = static_cast<std::size_t>(std::distance(starts_.begin(), after)) - 1;
    bad.message = "element " + std::to_string(bad.row - starts_[row] + 1) + ": " + bad.message;
    bad.row = row;
    throw;
  }
}

void ListDecoder::decode(std::span<const Field> fields, ColumnView& out, std::size_t first_row) {
  elements_.clear();
  auto* entries = out.values<ListEntry>() + first_row;
  const std::size_t first_child = out.child_size();
  NullMarker nulls(out, first_row);
  for (std::size_t row = 0; row < fields.size(); ++row) {
    elements_.start_row();
    if (fields[row].is_null()) {
      nulls.mark(row);
    } else {
      gather(fields[row], row, elements_);
    }
    entries[row] = elements_.entry(row, first_child);
  }
  out.resize_child(first_child + elements_.size());
  elements_.decode(out.child(0), first_child);
}

}  // namespace pg2duck::decode
