#pragma once

#include <memory>
#include <vector>

#include "decode/column_view.hpp"
#include "engine/native.hpp"
#include "types/duckdb_type.hpp"

namespace pg2duck::engine {

/// A ColumnView over a DuckDB vector. Made once per column and thread, attached to each chunk's vector.
///
/// A MAP is, as in DuckDB, a LIST whose child is a STRUCT of key and value.
class DuckdbColumnView final : public decode::ColumnView {
 public:
  explicit DuckdbColumnView(const types::DuckType& type);

  /// Points this view and its children at `vector`; what the view knew before is forgotten.
  void attach(_duckdb_vector* vector);

  /// Has the vector own all strings of rows 0 to `rows`, which may be somebody else's bytes until now.
  void own_strings(std::size_t rows);

  [[nodiscard]] void* data() override { return data_; }

  [[nodiscard]] std::uint64_t* validity() override;
  void assign_string(std::size_t row, const char* bytes, std::size_t size) override;

  [[nodiscard]] Layout layout() const override { return layout_; }

  [[nodiscard]] std::size_t child_size() override { return child_size_; }

  void resize_child(std::size_t size) override;

  [[nodiscard]] std::size_t children() const override { return children_.size(); }

  [[nodiscard]] decode::ColumnView& child(std::size_t index) override { return *children_.at(index); }

 private:
  /// Rows `first` to `end` are not NULL any more, nor are the rows of fixed children in them.
  void set_valid(std::size_t first, std::size_t end);

  void own_strings_of(std::size_t row);

  static std::unique_ptr<DuckdbColumnView> entry_of(const types::DuckType& map);

  Layout layout_ = Layout::kScalar;
  _duckdb_vector* vector_ = nullptr;
  void* data_ = nullptr;
  std::uint64_t* validity_ = nullptr;
  bool holds_strings_ = false;  ///< itself or in its children
  std::size_t array_size_ = 0;
  std::size_t child_size_ = 0;
  std::vector<std::unique_ptr<DuckdbColumnView>> children_;
};

}  // namespace pg2duck::engine
