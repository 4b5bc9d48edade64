#include "destination/targets/link.hpp"

#include "base/identifier.hpp"
#include "destination/targets/statement.hpp"

namespace pg2duck::destination {

ConnectionHandle make_connection(const Instance& instance) {
  ConnectionHandle connection;
  if (duckdb_connect(static_cast<duckdb_database>(instance.native()), connection.out()) == DuckDBError) {
    throw Error(ErrorKind::kDestination, "DuckDB cannot make a connection");
  }
  return connection;
}

void run_quietly(duckdb_connection connection, const std::string& sql) noexcept {
  try {
    run_statement(connection, sql);
  } catch (...) {
    // Only from destructors: what is committed is safe in the write-ahead log.
  }
}

Link::~Link() {
  if (owns_attachment_) {
    run_quietly(connection_.get(), "DETACH " + quote_identifier(attachment_.alias));
  }
}

}  // namespace pg2duck::destination
