#include "decode/tolerant_decoder.hpp"

namespace pg2duck::decode {
namespace {

/// How many rows the lists in a column hold, so that a failed attempt can be taken back.
class ListSizes {
 public:
  explicit ListSizes(ColumnView& view) { record(view); }

  void restore(ColumnView& view) {
    std::size_t next = 0;
    restore(view, next);
  }

 private:
  void record(ColumnView& view) {
    if (view.layout() == ColumnView::Layout::kList) {
      sizes_.push_back(view.child_size());
    }
    for (std::size_t i = 0; i < view.children(); ++i) {
      record(view.child(i));
    }
  }

  void restore(ColumnView& view, std::size_t& next) {
    if (view.layout() == ColumnView::Layout::kList) {
      view.resize_child(sizes_[next++]);
    }
    for (std::size_t i = 0; i < view.children(); ++i) {
      restore(view.child(i), next);
    }
  }

  std::vector<std::size_t> sizes_;  // parents first
};

}  // namespace

std::span<const std::size_t> TolerantDecoder::decode(std::span<const Field> fields, ColumnView& out,
                                                     std::size_t first_row) {
  refused_.clear();
  ListSizes before(out);
  try {
    decoder_->decode(fields, out, first_row);
  } catch (const BadValue& bad) {
    if (!bad.unrepresentable) {
      throw;
    }
    before.restore(out);
    decode_one_by_one(fields, out, first_row);
  }
  return refused_;
}

void TolerantDecoder::decode_one_by_one(std::span<const Field> fields, ColumnView& out, std::size_t first_row) {
  const Field null;
  for (std::size_t row = 0; row < fields.size(); ++row) {
    ListSizes before(out);
    try {
      decoder_->decode(fields.subspan(row, 1), out, first_row + row);
    } catch (BadValue& bad) {
      if (!bad.unrepresentable) {
        bad.row = row;
        throw;
      }
      before.restore(out);
      decoder_->decode({&null, 1}, out, first_row + row);
      refused_.push_back(row);
    }
  }
}

}  // namespace pg2duck::decode
