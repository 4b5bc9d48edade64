#include "engine/duckdb_column_view.hpp"

#include <algorithm>
#include <string>

#include <duckdb.h>
#include <gtest/gtest.h>

#include "base/handle.hpp"
#include "engine/duck_type.hpp"

namespace pg2duck::engine {
namespace {

using types::DuckType;
using types::DuckTypeId;

/// A vector of one type, without a table.
class OneVector {
 public:
  explicit OneVector(const DuckType& type) : view_(type) {
    const LogicalType logical = make_logical_type(type);
    duckdb_logical_type column = logical.get();
    chunk_ = Chunk(duckdb_create_data_chunk(&column, 1));
    view_.attach(duckdb_data_chunk_get_vector(chunk_.get(), 0));
  }

  DuckdbColumnView& view() { return view_; }

 private:
  using Chunk = AddressHandle<duckdb_data_chunk, duckdb_destroy_data_chunk>;
  Chunk chunk_;
  DuckdbColumnView view_;
};

std::string text_at(decode::ColumnView& view, std::size_t row) {
  duckdb_string_t& entry = view.values<duckdb_string_t>()[row];
  return {duckdb_string_t_data(&entry), duckdb_string_t_length(entry)};
}

TEST(DuckdbColumnView, OwnsStringsThatWereSomebodyElses) {
  std::string bytes = "more than twelve bytes that are not the vector's";
  OneVector plain(DuckType::of(DuckTypeId::kVarchar));
  OneVector nested(DuckType::list(DuckType::structure({"s"}, {DuckType::of(DuckTypeId::kVarchar)})));
  plain.view().values<decode::StringEntry>()[0] = decode::refer_to(bytes.data(), bytes.size());
  plain.view().set_null(1);
  nested.view().resize_child(2);
  nested.view().values<decode::ListEntry>()[0] = {.offset = 0, .length = 2};
  decode::ColumnView& child = nested.view().child(0);
  decode::ColumnView& field = child.child(0);
  field.values<decode::StringEntry>()[0] = decode::refer_to(bytes.data(), bytes.size());
  // A pointer to nowhere, as memory holds it that was never written.
  field.values<decode::StringEntry>()[1] = {.length = 1000, .inlined = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}};
  child.set_null(1);
  const std::string expected = bytes;
  plain.view().own_strings(2);
  nested.view().own_strings(1);
  std::ranges::fill(bytes, '?');
  EXPECT_EQ(text_at(plain.view(), 0), expected);
  EXPECT_EQ(text_at(field, 0), expected);
}

}  // namespace
}  // namespace pg2duck::engine
