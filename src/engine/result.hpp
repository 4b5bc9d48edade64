#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error_text.hpp"
#include "engine/native.hpp"

namespace pg2duck::engine {

struct ResultColumn {
  std::string name;
  int type = 0;  ///< its `duckdb_type`
};

/// The values of one column in one chunk, where DuckDB keeps them.
///
/// @thread any; gone when the result is asked for its next chunk
class ColumnReader {
 public:
  explicit ColumnReader(_duckdb_vector* vector);

  [[nodiscard]] bool is_null(std::size_t row) const {
    return validity_ != nullptr && (validity_[row / 64] >> (row % 64) & 1U) == 0;
  }

  /// @pre T has the layout of the column's type: std::int32_t of an INTEGER or DATE, decode::Int128 of a HUGEINT…
  template <typename T>
  [[nodiscard]] const T* values() const {
    return static_cast<const T*>(data_);
  }

  /// @pre a VARCHAR or BLOB
  [[nodiscard]] std::string_view bytes(std::size_t row) const;

 private:
  void* data_;
  const std::uint64_t* validity_;
};

/// What a statement yields, chunk by chunk.
///
/// @thread one caller; the connection of a streamed one runs nothing else meanwhile
class Result {
 public:
  Result(Result&&) noexcept;
  Result& operator=(Result&&) noexcept;
  ~Result();

  [[nodiscard]] const std::vector<ResultColumn>& columns() const;

  /// Of an INSERT, UPDATE or DELETE.
  [[nodiscard]] std::uint64_t rows_changed();

  /// Goes on to the next chunk; of a streamed result it is made now.
  /// @return false: there are no more rows
  /// @error  what stops a streamed statement, as its rules say
  bool next();

  /// Rows of the chunk.
  [[nodiscard]] std::size_t rows() const;

  /// @pre next() has returned true
  [[nodiscard]] ColumnReader column(std::size_t index) const;

 private:
  friend class PreparedStatement;
  struct State;
  /// Of a statement whose tasks are done, or, streamed, has its first rows.
  Result(_duckdb_pending_result* pending, ErrorRules rules);
  std::unique_ptr<State> state_;
};

}  // namespace pg2duck::engine
