#include "engine/result.hpp"

#include <duckdb.h>

#include "base/handle.hpp"

namespace pg2duck::engine {

ColumnReader::ColumnReader(_duckdb_vector* vector)
    : data_(duckdb_vector_get_data(vector)), validity_(duckdb_vector_get_validity(vector)) {}

std::string_view ColumnReader::bytes(std::size_t row) const {
  duckdb_string_t& text = static_cast<duckdb_string_t*>(data_)[row];
  return {duckdb_string_t_data(&text), duckdb_string_t_length(text)};
}

struct Result::State {
  explicit State(ErrorRules of_statement) : rules(of_statement) {}

  State(const State&) = delete;
  State& operator=(const State&) = delete;

  ~State() {
    chunk.reset();
    duckdb_destroy_result(&result);
  }

  void check() {
    if (const char* text = duckdb_result_error(&result); text != nullptr) {
      throw translate_error(text, rules);
    }
  }

  ErrorRules rules;
  duckdb_result result{};
  AddressHandle<duckdb_data_chunk, duckdb_destroy_data_chunk> chunk;
  std::vector<ResultColumn> columns;
};

Result::Result(_duckdb_pending_result* pending, ErrorRules rules) : state_(std::make_unique<State>(rules)) {
  duckdb_result& result = state_->result;
  if (duckdb_execute_pending(pending, &result) == DuckDBError) {
    state_->check();
    throw translate_error("the statement failed without a message", rules);
  }
  for (idx_t column = 0; column < duckdb_column_count(&result); ++column) {
    state_->columns.push_back(
        {.name = duckdb_column_name(&result, column), .type = duckdb_column_type(&result, column)});
  }
}

Result::Result(Result&&) noexcept = default;
Result& Result::operator=(Result&&) noexcept = default;
Result::~Result() = default;

const std::vector<ResultColumn>& Result::columns() const {
  return state_->columns;
}

std::uint64_t Result::rows_changed() {
  return duckdb_rows_changed(&state_->result);
}

bool Result::next() {
  state_->chunk.reset();
  *state_->chunk.out() = duckdb_fetch_chunk(state_->result);
  if (!state_->chunk) {
    // DuckDB gives no chunk after an error, either.
    state_->check();
  }
  return static_cast<bool>(state_->chunk);
}

std::size_t Result::rows() const {
  return duckdb_data_chunk_get_size(state_->chunk.get());
}

ColumnReader Result::column(std::size_t index) const {
  return ColumnReader(duckdb_data_chunk_get_vector(state_->chunk.get(), index));
}

}  // namespace pg2duck::engine
