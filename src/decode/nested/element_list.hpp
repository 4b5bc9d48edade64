#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "decode/bad_value.hpp"
#include "decode/column_decoder.hpp"
#include "decode/column_view.hpp"
#include "decode/row_batch.hpp"

namespace pg2duck::decode {

/// The elements of all lists of a batch, gathered so that their decoder gets them at once. Kept between batches, so
/// that its memory is.
class ElementList {
 public:
  explicit ElementList(std::unique_ptr<ColumnDecoder> decoder) : decoder_(std::move(decoder)) {}

  void clear();

  /// The elements that are added from now on belong to the next row.
  void start_row() { starts_.push_back(elements_.size()); }

  void add(const Field& element) { elements_.push_back(element); }

  [[nodiscard]] std::size_t size() const { return elements_.size(); }

  /// The LIST entry of `row`, whose child's rows begin at `first_child`.
  [[nodiscard]] ListEntry entry(std::size_t row, std::size_t first_child) const;

  /// Decodes all elements into rows `first_row`, ... of `out`.
  /// @error BadValue with the row of the list, and the element's number in the message
  void decode(ColumnView& out, std::size_t first_row);

  [[nodiscard]] const ColumnDecoder& decoder() const { return *decoder_; }

  [[nodiscard]] ColumnDecoder& decoder() { return *decoder_; }

 private:
  std::unique_ptr<ColumnDecoder> decoder_;
  std::vector<Field> elements_;
  std::vector<std::size_t> starts_;  // one a row
};

/// Decoder of values that are lists of others, into a LIST. A derived class says how one value is taken apart.
class ListDecoder : public ColumnDecoder {
 public:
  explicit ListDecoder(std::unique_ptr<ColumnDecoder> element) : elements_(std::move(element)) {}

  void decode(std::span<const Field> fields, ColumnView& out, std::size_t first_row) override;

  void collect(types::ColumnProfile& profile) const override { elements_.decoder().collect(profile); }

 private:
  /// Adds the elements of the value in `field`, which is not NULL, to `elements`.
  /// @error BadValue
  virtual void gather(const Field& field, std::size_t row, ElementList& elements) = 0;

  ElementList elements_;
};

}  // namespace pg2duck::decode
