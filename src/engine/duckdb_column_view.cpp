#include "engine/duckdb_column_view.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include <duckdb.h>

#include "base/error.hpp"

namespace pg2duck::engine {
namespace {

using types::DuckType;
using types::DuckTypeId;

static_assert(sizeof(decode::StringEntry) == sizeof(duckdb_string_t));
static_assert(alignof(decode::StringEntry) <= alignof(duckdb_string_t));
static_assert(offsetof(decode::StringEntry, length) == offsetof(duckdb_string_t, value.inlined.length));
static_assert(offsetof(decode::StringEntry, inlined) == offsetof(duckdb_string_t, value.inlined.inlined));
static_assert(sizeof(decode::StringEntry::inlined) == sizeof(duckdb_string_t::value.inlined.inlined));
static_assert(decode::kInlineStringLength == sizeof(duckdb_string_t::value.inlined.inlined));

// decode::refer_to
static_assert(offsetof(duckdb_string_t, value.pointer.prefix) == offsetof(decode::StringEntry, inlined));
static_assert(offsetof(duckdb_string_t, value.pointer.ptr) == offsetof(decode::StringEntry, inlined) + 4);

static_assert(sizeof(decode::ListEntry) == sizeof(duckdb_list_entry));
static_assert(offsetof(decode::ListEntry, offset) == offsetof(duckdb_list_entry, offset));
static_assert(offsetof(decode::ListEntry, length) == offsetof(duckdb_list_entry, length));

static_assert(sizeof(decode::IntervalValue) == sizeof(duckdb_interval));
static_assert(offsetof(decode::IntervalValue, months) == offsetof(duckdb_interval, months));
static_assert(offsetof(decode::IntervalValue, days) == offsetof(duckdb_interval, days));
static_assert(offsetof(decode::IntervalValue, micros) == offsetof(duckdb_interval, micros));

static_assert(sizeof(decode::Int128) == sizeof(duckdb_hugeint));
static_assert(offsetof(duckdb_hugeint, lower) == 0);

bool has_strings(const DuckType& type) {
  constexpr std::array kStrings{DuckTypeId::kVarchar, DuckTypeId::kJson, DuckTypeId::kBlob, DuckTypeId::kBit,
                                DuckTypeId::kGeometry};
  return std::ranges::find(kStrings, type.id) != kStrings.end() || std::ranges::any_of(type.children, has_strings);
}

}  // namespace

DuckdbColumnView::DuckdbColumnView(const DuckType& type) : holds_strings_(has_strings(type)) {
  if (type.id == DuckTypeId::kMap) {
    layout_ = Layout::kList;
    children_.push_back(entry_of(type));
    return;
  }
  if (type.id == DuckTypeId::kList) {
    layout_ = Layout::kList;
  } else if (type.id == DuckTypeId::kStruct) {
    layout_ = Layout::kStruct;
  } else if (type.id == DuckTypeId::kArray) {
    layout_ = Layout::kArray;
    array_size_ = type.size;
  }
  for (const DuckType& child : type.children) {
    children_.push_back(std::make_unique<DuckdbColumnView>(child));
  }
}

std::unique_ptr<DuckdbColumnView> DuckdbColumnView::entry_of(const DuckType& map) {
  DuckType entry;
  entry.id = DuckTypeId::kStruct;
  entry.children = map.children;
  return std::make_unique<DuckdbColumnView>(entry);
}

void DuckdbColumnView::attach(_duckdb_vector* vector) {
  vector_ = vector;
  data_ = duckdb_vector_get_data(vector);
  validity_ = nullptr;
  if (layout_ == Layout::kList) {
    child_size_ = duckdb_list_vector_get_size(vector);
    children_[0]->attach(duckdb_list_vector_get_child(vector));
  } else if (layout_ == Layout::kArray) {
    children_[0]->attach(duckdb_array_vector_get_child(vector));
  } else if (layout_ == Layout::kStruct) {
    for (std::size_t i = 0; i < children_.size(); ++i) {
      children_[i]->attach(duckdb_struct_vector_get_child(vector, i));
    }
  }
}

std::uint64_t* DuckdbColumnView::validity() {
  if (validity_ == nullptr) {
    duckdb_vector_ensure_validity_writable(vector_);
    validity_ = duckdb_vector_get_validity(vector_);
  }
  return validity_;
}

void DuckdbColumnView::assign_string(std::size_t row, const char* bytes, std::size_t size) {
  // The checked function would make NULL of text that is not UTF-8, in silence; decoders have checked it.
  duckdb_unsafe_vector_assign_string_element_len(vector_, row, bytes, size);
}

void DuckdbColumnView::own_strings(std::size_t rows) {
  for (std::size_t row = 0; holds_strings_ && row < rows; ++row) {
    own_strings_of(row);
  }
}

void DuckdbColumnView::own_strings_of(std::size_t row) {
  // What a NULL holds, children included, was never written.
  if (!holds_strings_ || !duckdb_validity_row_is_valid(duckdb_vector_get_validity(vector_), row)) {
    return;
  }
  std::size_t first = row;
  std::size_t end = row + 1;
  if (layout_ == Layout::kScalar) {
    duckdb_string_t& entry = static_cast<duckdb_string_t*>(data_)[row];
    if (!duckdb_string_is_inlined(entry)) {
      assign_string(row, duckdb_string_t_data(&entry), duckdb_string_t_length(entry));
    }
  } else if (layout_ == Layout::kList) {
    const duckdb_list_entry entry = static_cast<duckdb_list_entry*>(data_)[row];
    first = entry.offset;
    end = entry.offset + entry.length;
  } else if (layout_ == Layout::kArray) {
    first = row * array_size_;
    end = first + array_size_;
  }
  for (const auto& child : children_) {
    for (std::size_t i = first; i < end; ++i) {
      child->own_strings_of(i);
    }
  }
}

void DuckdbColumnView::resize_child(std::size_t size) {
  if (duckdb_list_vector_reserve(vector_, size) == DuckDBError ||
      duckdb_list_vector_set_size(vector_, size) == DuckDBError) {
    throw Error(ErrorKind::kDestination, "DuckDB has no room for " + std::to_string(size) + " elements of lists");
  }
  // Growing moves the child's data and validity.
  children_[0]->attach(duckdb_list_vector_get_child(vector_));
  if (size > child_size_) {
    children_[0]->set_valid(child_size_, size);
  }
  child_size_ = size;
}

void DuckdbColumnView::set_valid(std::size_t first, std::size_t end) {
  // A vector that has no mask yet has no NULLs.
  if (std::uint64_t* mask = duckdb_vector_get_validity(vector_); mask != nullptr) {
    for (std::size_t row = first; row < end; ++row) {
      mask[row / 64] |= std::uint64_t{1} << (row % 64);
    }
  }
  if (layout_ == Layout::kStruct || layout_ == Layout::kArray) {
    const std::size_t rows_each = layout_ == Layout::kArray ? array_size_ : 1;
    for (const auto& child : children_) {
      child->set_valid(first * rows_each, end * rows_each);
    }
  }
}

}  // namespace pg2duck::engine
