#include "destination/bulk_load.hpp"

#include "destination/load_function.hpp"

namespace pg2duck::destination {

std::uint64_t bulk_load(Session& session, const TableShape& shape, const TableName& into, ChunkSource& source) {
  RunningLoad load(session, shape, source);
  std::uint64_t rows = 0;
  try {
    rows = session.execute("INSERT INTO " + target_name(into) + " SELECT * FROM " + kLoadFunction + "(" +
                           std::to_string(load.id()) + "::UBIGINT)");
  } catch (...) {
    load.wait_for_threads();
    load.rethrow_failure();
    throw;
  }
  load.wait_for_threads();
  load.rethrow_failure();
  return rows;
}

}  // namespace pg2duck::destination
