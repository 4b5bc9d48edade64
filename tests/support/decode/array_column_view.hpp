#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "decode/column_view.hpp"
#include "types/duckdb_type.hpp"

namespace pg2duck::test_support {

/// Bytes that DuckDB keeps for one value of `type` in a vector.
inline std::size_t value_size(const types::DuckType& type) {
  using types::DuckTypeId;
  switch (type.id) {
    case DuckTypeId::kStruct:
    case DuckTypeId::kArray:
      return 0;
    case DuckTypeId::kBoolean:
    case DuckTypeId::kUtinyint:
      return 1;
    case DuckTypeId::kSmallint:
    case DuckTypeId::kUsmallint:
      return 2;
    case DuckTypeId::kInteger:
    case DuckTypeId::kUinteger:
    case DuckTypeId::kFloat:
    case DuckTypeId::kDate:
      return 4;
    case DuckTypeId::kBigint:
    case DuckTypeId::kUbigint:
    case DuckTypeId::kDouble:
    case DuckTypeId::kTime:
    case DuckTypeId::kTimeTz:
    case DuckTypeId::kTimestamp:
    case DuckTypeId::kTimestampTz:
      return 8;
    case DuckTypeId::kDecimal:
      return type.width <= 4 ? 2 : type.width <= 9 ? 4 : type.width <= 18 ? 8 : 16;
    default:
      return 16;
  }
}

/// A column in plain arrays of exactly the size asked for, so that AddressSanitizer sees every step over the edge.
/// Values begin as 0xAA, like a chunk that has been used before.
class ArrayColumnView final : public decode::ColumnView {
 public:
  ArrayColumnView(const types::DuckType& type, std::size_t rows)
      : value_size_(value_size(type)), child_rows_(child_rows_a_row(type)), layout_(layout_of(type)) {
    if (type.id == types::DuckTypeId::kMap) {
      types::DuckType entry;
      entry.id = types::DuckTypeId::kStruct;
      entry.children = type.children;
      children_.push_back(std::make_unique<ArrayColumnView>(entry, 0));
    } else {
      for (const types::DuckType& child : type.children) {
        children_.push_back(std::make_unique<ArrayColumnView>(child, 0));
      }
    }
    grow(rows);
  }

  [[nodiscard]] void* data() override { return data_.get(); }

  [[nodiscard]] std::uint64_t* validity() override {
    if (validity_.empty()) {
      validity_.resize(rows_ / 64 + 1, ~std::uint64_t{0});
    }
    return validity_.data();
  }

  void assign_string(std::size_t row, const char* bytes, std::size_t size) override {
    const std::string& kept = strings_.emplace_back(bytes, size);
    values<decode::StringEntry>()[row] = decode::refer_to(kept.data(), kept.size());
  }

  /// Lets what strings of the column point to live as long as it does.
  void keep(std::shared_ptr<const void> bytes) { kept_.push_back(std::move(bytes)); }

  [[nodiscard]] Layout layout() const override { return layout_; }

  [[nodiscard]] std::size_t children() const override { return children_.size(); }

  [[nodiscard]] std::size_t child_size() override { return children_.front()->rows_; }

  void resize_child(std::size_t size) override { children_.front()->grow(size); }

  [[nodiscard]] ArrayColumnView& child(std::size_t index) override { return *children_[index]; }

  /// Whether a decoder has asked for the validity mask.
  [[nodiscard]] bool has_validity() const { return !validity_.empty(); }

  [[nodiscard]] bool is_null(std::size_t row) const {
    return has_validity() && (validity_[row / 64] >> (row % 64) & 1) == 0;
  }

  template <typename T>
  [[nodiscard]] T at(std::size_t row) const {
    T value;
    std::memcpy(&value, data_.get() + row * sizeof(T), sizeof(T));
    return value;
  }

  [[nodiscard]] std::string string_at(std::size_t row) const {
    const auto entry = at<decode::StringEntry>(row);
    const char* bytes = static_cast<const char*>(entry.inlined);
    if (entry.length <= decode::kInlineStringLength) {
      return {bytes, entry.length};
    }
    const char* pointer = nullptr;
    std::memcpy(static_cast<void*>(&pointer), bytes + 4, sizeof(pointer));
    return {pointer, entry.length};
  }

 private:
  static Layout layout_of(const types::DuckType& type) {
    switch (type.id) {
      case types::DuckTypeId::kList:
      case types::DuckTypeId::kMap:
        return Layout::kList;
      case types::DuckTypeId::kStruct:
        return Layout::kStruct;
      case types::DuckTypeId::kArray:
        return Layout::kArray;
      default:
        return Layout::kScalar;
    }
  }

  /// Rows that every child has for each of ours; 0 for a LIST, whose child is resized by itself.
  static std::size_t child_rows_a_row(const types::DuckType& type) {
    return type.id == types::DuckTypeId::kStruct ? 1 : type.id == types::DuckTypeId::kArray ? type.size : 0;
  }

  void grow(std::size_t rows) {
    if (child_rows_ > 0) {
      for (const auto& child : children_) {
        child->grow(rows * child_rows_);
      }
    }
    auto grown = std::make_unique<std::byte[]>(rows * value_size_);
    std::memset(grown.get(), 0xaa, rows * value_size_);
    if (rows_ > 0 && rows > 0 && value_size_ > 0) {
      std::memcpy(grown.get(), data_.get(), std::min(rows, rows_) * value_size_);
    }
    data_ = std::move(grown);
    if (has_validity()) {
      validity_.resize(rows / 64 + 1, ~std::uint64_t{0});
      for (std::size_t row = rows_; row < rows; ++row) {
        validity_[row / 64] |= std::uint64_t{1} << (row % 64);
      }
    }
    rows_ = rows;
  }

  std::size_t value_size_;
  std::size_t child_rows_;
  Layout layout_;
  std::size_t rows_ = 0;
  std::unique_ptr<std::byte[]> data_;
  std::vector<std::uint64_t> validity_;
  std::deque<std::string> strings_;
  std::vector<std::shared_ptr<const void>> kept_;
  std::vector<std::unique_ptr<ArrayColumnView>> children_;
};

}  // namespace pg2duck::test_support
