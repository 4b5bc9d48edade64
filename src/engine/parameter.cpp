#include "engine/parameter.hpp"

#include <duckdb.h>

#include "base/handle.hpp"

namespace pg2duck::engine {

bool is_utf8(std::string_view bytes) {
  using ErrorData = AddressHandle<duckdb_error_data, duckdb_destroy_error_data>;
  const ErrorData problem(duckdb_valid_utf8_check(bytes.data(), bytes.size()));
  return !problem || !duckdb_error_data_has_error(problem.get());
}

}  // namespace pg2duck::engine
