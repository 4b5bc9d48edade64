#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "decode/column_view.hpp"
#include "decode/row_batch.hpp"
#include "types/duckdb_type.hpp"

/// What decoders read and write in their benchmark: batches of values, and a vector.
namespace pg2duck::bench {

using Random = std::mt19937_64;
using Fields = std::span<const decode::Field>;

// A batch as it is decoded at once. With one only, the processor would learn by heart where its branches go.
inline constexpr std::size_t kRows = 2048;
inline constexpr std::size_t kBatches = 8;

using MakeValue = std::function<std::string(Random&)>;

/// Some batches of values as they lie in COPY messages: one after the other, each behind its length.
struct Column {
  std::vector<std::byte> bytes;
  std::vector<decode::Field> fields;
  std::size_t value_bytes = 0;

  explicit Column(const MakeValue& make_value) {
    Random random(7);
    std::vector<std::pair<std::size_t, std::size_t>> places;
    for (std::size_t row = 0; row < kBatches * kRows; ++row) {
      bytes.resize(bytes.size() + 4);
      const std::string value = make_value(random);
      places.emplace_back(bytes.size(), value.size());
      for (const char c : value) {
        bytes.push_back(static_cast<std::byte>(c));
      }
      value_bytes += value.size();
    }
    for (const auto& [begin, size] : places) {
      fields.push_back({bytes.data() + begin, static_cast<std::int32_t>(size)});
    }
  }

  [[nodiscard]] Fields batch(std::size_t index) const { return Fields(fields).subspan(index * kRows, kRows); }
};

/// A vector with its children; long strings are copied into one block, as DuckDB's string heap does.
class VectorView final : public decode::ColumnView {
 public:
  explicit VectorView(const types::DuckType& type) {
    using types::DuckTypeId;
    if (type.id == DuckTypeId::kMap) {
      layout_ = Layout::kList;
      children_.push_back(std::make_unique<VectorView>(types::DuckType::structure({"key", "value"}, type.children)));
    } else {
      layout_ = type.id == DuckTypeId::kList     ? Layout::kList
                : type.id == DuckTypeId::kStruct ? Layout::kStruct
                : type.id == DuckTypeId::kArray  ? Layout::kArray
                                                 : Layout::kScalar;
      for (const types::DuckType& child : type.children) {
        children_.push_back(std::make_unique<VectorView>(child));
      }
    }
    rows_each_ = layout_ == Layout::kArray ? type.size : 1;
    resize(kRows);
  }

  void* data() override { return values_.data(); }

  std::uint64_t* validity() override { return validity_.data(); }

  void assign_string(std::size_t row, const char* bytes, std::size_t size) override {
    if (used_ + size > heap_.size()) {
      used_ = 0;
    }
    std::memcpy(heap_.data() + used_, bytes, size);
    const char* kept = heap_.data() + used_;
    used_ += size;
    auto& entry = values<decode::StringEntry>()[row];
    entry.length = static_cast<std::uint32_t>(size);
    std::memcpy(static_cast<char*>(entry.inlined), kept, 4);
    std::memcpy(static_cast<char*>(entry.inlined) + 4, static_cast<const void*>(&kept), sizeof(kept));
  }

  [[nodiscard]] Layout layout() const override { return layout_; }

  [[nodiscard]] std::size_t children() const override { return children_.size(); }

  std::size_t child_size() override { return child_size_; }

  void resize_child(std::size_t size) override {
    child_size_ = size;
    children_.front()->resize(size);
  }

  VectorView& child(std::size_t index) override { return *children_[index]; }

  /// Empties all lists; their memory is kept.
  void clear() {
    child_size_ = 0;
    for (const auto& child : children_) {
      child->clear();
    }
  }

 private:
  void resize(std::size_t rows) {
    if (rows > values_.size()) {
      values_.resize(std::max(rows, 2 * values_.size()));
      validity_.resize(values_.size() / 64 + 1, ~std::uint64_t{0});
    }
    if (layout_ == Layout::kStruct || layout_ == Layout::kArray) {
      for (const auto& child : children_) {
        child->resize(rows * rows_each_);
      }
    }
  }

  Layout layout_ = Layout::kScalar;
  std::size_t rows_each_ = 1;
  std::size_t child_size_ = 0;
  std::vector<decode::Int128> values_;
  std::vector<std::uint64_t> validity_;
  std::vector<char> heap_ = std::vector<char>(1 << 20);
  std::size_t used_ = 0;
  std::vector<std::unique_ptr<VectorView>> children_;
};

}  // namespace pg2duck::bench
